import type { Logger } from '../logger.ts';
import { createChangeWaiters, type ChangeWaiters } from './change-waiters.ts';
import { listenOnChannels, type ChannelListener } from './channel-listener.ts';
import { EVENTS_WRITTEN, ORDER_CHANGED, ORDER_EVENTS } from './channels.ts';

/** Hears of orders that may have changed. */
export interface OrderWatcher {
  readonly onChanged: (orderId: string) => void;
  /** Hints may have been missed: the connection was lost for a while. */
  readonly onMissed: () => void;
  /** Hints are heard from now on, and those before were not. */
  readonly onHeard?: () => void;
}

/** Whether somebody in this process needs to hear of changes; every notification costs each process that hears it. */
interface OrderWatch {
  /** Changes are heard from now on, until half a minute after the returned function is called. */
  readonly hold: () => () => void;
  /** Changes are heard for half a minute from now on. */
  readonly renew: () => void;
}

/** Waits for orders to change, instead of polling; a process has one connection for everything that it listens to. */
export interface OrderChanges {
  readonly waitFor: ChangeWaiters['waitFor'];
  /** Tells `watcher` of changes, each soon after its commit, while anybody in the process waits for an order or holds a watch. */
  readonly watch: (watcher: OrderWatcher) => OrderWatch;
  /** Tells `watcher` of all changes at all times, of each once more when its event is published: whoever made it may have died before telling. */
  readonly watchAll: (watcher: OrderWatcher) => void;
  /** Calls `onWritten` soon after events were written, by each process that writes twenty times a second at most, until the returned function is called. */
  readonly watchEvents: (onWritten: () => void) => () => void;
  readonly wake: ChangeWaiters['wake'];
  /** Ends every wait, now and from now on, with the value as it is read then. */
  readonly endWaits: () => void;
  readonly close: () => Promise<void>;
}

/** A process that waits for an order now and then does not change its channels each time. */
const LINGER_MS = 30_000;

/** Listens for hints until closed; of changes only while somebody needs to hear of them. */
export function listenForOrderChanges(databaseUrl: string, logger: Logger): OrderChanges {
  const waits = createChangeWaiters();
  const watchers: OrderWatcher[] = [];
  const always: OrderWatcher[] = [];
  const eventWatchers = createTellers();
  const update = () => {
    connection.listenOn(channels());
  };
  const need = createNeed(LINGER_MS, update);
  const channels = () => [
    ...(need.is() || always.length > 0 ? [ORDER_CHANGED] : []),
    ...(always.length > 0 ? [ORDER_EVENTS] : []),
    ...(eventWatchers.any() ? [EVENTS_WRITTEN] : []),
  ];
  const telling = tellingTo({ waits, watchers, always, eventWatchers });
  const connection = listenOnChannels(databaseUrl, { channels: channels(), ...telling }, logger);
  return {
    waitFor: async (...wait) => {
      const release = need.hold();
      try {
        return await waits.waitFor(...wait);
      } finally {
        release();
      }
    },
    watch: (watcher) => {
      watchers.push(watcher);
      return need;
    },
    watchAll: (watcher) => {
      always.push(watcher);
      update();
    },
    watchEvents: (tell) => {
      const remove = eventWatchers.add(tell);
      update();
      return () => {
        remove();
        update();
      };
    },
    wake: waits.wake,
    endWaits: waits.end,
    close: async () => {
      need.end();
      await connection.close();
    },
  };
}

/** Who is told of what in a process. */
interface Hearers {
  readonly waits: ChangeWaiters;
  readonly watchers: readonly OrderWatcher[];
  readonly always: readonly OrderWatcher[];
  readonly eventWatchers: ReturnType<typeof createTellers>;
}

/** Tells each of them what it needs to hear. */
function tellingTo({ waits, watchers, always, eventWatchers }: Hearers): Omit<ChannelListener, 'channels'> {
  const onAdded = () => {
    waits.wakeAll();
    for (const { onHeard } of watchers) onHeard?.();
    eventWatchers.tell();
  };
  return {
    onAdded,
    onMissed: () => {
      for (const watcher of [...watchers, ...always]) watcher.onMissed();
      onAdded();
    },
    onPayload: (payload, channel) => {
      if (channel === EVENTS_WRITTEN) return eventWatchers.tell();
      const orderIds = payload.split(',');
      if (channel === ORDER_CHANGED) waits.wake(orderIds);
      const told = channel === ORDER_CHANGED ? [...watchers, ...always] : always;
      for (const watcher of told) for (const orderId of orderIds) watcher.onChanged(orderId);
    },
  };
}

/** Those who are told that events were written. */
function createTellers() {
  const told = new Set<() => void>();
  return {
    any: () => told.size > 0,
    tell: () => {
      for (const one of told) one();
    },
    add: (one: () => void) => {
      told.add(one);
      return () => told.delete(one);
    },
  };
}

/** Whether anybody needs something, or needed it within `lingerMs`; `onChange` is called when that begins and when it is over. */
function createNeed(lingerMs: number, onChange: () => void): OrderWatch & { is: () => boolean; end: () => void } {
  let held = 0;
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const is = () => held > 0 || timer !== undefined;
  const renew = () => {
    const isNew = !is();
    if (timer) timer.refresh();
    else {
      timer = setTimeout(() => {
        timer = undefined;
        if (!is()) onChange();
      }, lingerMs).unref();
    }
    if (isNew) onChange();
  };
  return {
    is,
    end,
    renew,
    hold: () => {
      const isNew = !is();
      held += 1;
      if (isNew) onChange();
      return () => {
        renew();
        held -= 1;
      };
    },
  };
}
