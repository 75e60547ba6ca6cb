import type { SharedStartFigures } from '../../repositories/start-figures.ts';
import { createAwaitedLimit } from './awaited-limit.ts';
import type { Clock } from './clock.ts';
import { createCrowdShare } from './crowd-share.ts';
import { figuresOfOne, type SharedFigures } from './figures.ts';
import { createRunningSagas } from './running-sagas.ts';
import { createTaskTimeout, type TaskTimeout } from './task-timeout.ts';
import { StartWindow, type WindowSettings } from './window.ts';

/** Tells of orders that may have changed, for a while from each renewal on. */
export interface OrderHints {
  readonly watch: (watcher: { readonly onChanged: (orderId: string) => void; readonly onMissed: () => void }) => {
    readonly renew: () => void;
  };
}

/** Sagas of this process that are under way, how many of them may be, those that somebody waits for included, and how many wait for a slot. */
export interface StartCounts {
  readonly inFlight: number;
  readonly limit: number;
  readonly waiting: number;
}

/** Limits how many sagas this process has started whose outcome it has not seen yet. */
export interface StartLimiter {
  /** What it holds right now. */
  readonly count: () => StartCounts;
  /** Counts an order that came in: while more come in than start and the process is busy, fewer sagas start. */
  readonly countOrder: () => void;
  /**
   * Takes a slot for a saga, in the order of the calls; sagas that somebody waits for get one at once, as long as those under way
   * are done in time, and later ones don't overtake them. Resolves with `false` when none is free within `waitMs`, and at once if that can be told.
   */
  readonly acquire: (orderId: string, options: AcquireOptions) => Promise<boolean>;
  /** About how many sagas will start within `timeMs`; at least one. */
  readonly startsWithin: (timeMs: number) => number;
  /** The timeout of workflow tasks for a saga that starts now, by how long sagas take. */
  readonly taskTimeoutMs: () => number;
  /** Frees the slot of a saga that is done or was running already. */
  readonly release: (orderId: string) => void;
  /** Frees the slot of a saga that Temporal did not take in time: a sign of overload. */
  readonly fail: (orderId: string) => void;
}

/** How a slot is asked for. */
export interface AcquireOptions {
  readonly isAwaited: boolean;
  readonly waitMs: number;
}

/** What the operator sets. */
export interface StartSettings extends WindowSettings {
  /** Sagas a second that start however many orders come in. */
  readonly leastPerSecond: number;
  /** Sagas that somebody waits for should be done in this time. */
  readonly awaitedTargetMs: number;
  /** After this time without an answer the worker of a workflow task counts as dead, unless sagas take longer. */
  readonly taskTimeoutMs: number;
}

/** What a start limiter works with. */
export interface StartLimiterDependencies {
  readonly settings: StartSettings;
  readonly clock: Clock;
  readonly changes: OrderHints;
  readonly shared: SharedFigures;
  /** The share of time, up to 1, that this process was busy since the last call. */
  readonly busyShare: () => number;
}

/** Figures are exchanged this often while sagas wait for a slot. */
const EXCHANGE_MS = 500;

/** That somebody waits for sagas is told this often while it is so: all keep it in mind for 10 s. */
const TELL_AWAITED_MS = 3_000;

/** Without an answer after this time a process works on its own figures. */
const EXCHANGE_LIMIT_MS = 1_000;

/** Timers are no finer than that; starts may come so much early, as long as their rate is kept. */
const TIMER_MS = 1;

/** Figures from before a time without waiting sagas say nothing of the present. */
const STALE_MS = 2_000;

/** No saga is faster: an upper bound while the latency is not known. */
const LEAST_LATENCY_MS = 10;

interface Waiter {
  readonly orderId: string;
  readonly isAwaited: boolean;
  readonly deadlineMs: number;
  readonly done: (isGranted: boolean) => void;
}

/** Limits the starting of sagas by what is measured; slots become free when their orders are announced to have changed, or after a time. */
export function createStartLimiter(dependencies: StartLimiterDependencies): StartLimiter {
  return new AdaptiveStartLimiter(dependencies);
}

class AdaptiveStartLimiter implements StartLimiter {
  readonly #clock: Clock;
  readonly #shared: SharedFigures;
  readonly #leastPerSecond: number;
  readonly #window: StartWindow;
  readonly #awaitedLimit: ReturnType<typeof createAwaitedLimit>;
  readonly #crowd: ReturnType<typeof createCrowdShare>;
  readonly #taskTimeout: TaskTimeout;
  readonly #running = createRunningSagas();
  readonly #waiters: Waiter[] = [];
  readonly #hear: () => void;
  #lastStartMs = -Infinity;
  #exchangedMs = -Infinity;
  #toldAwaitedMs = -Infinity;
  #isExchanging = false;
  #cancelTimer: (() => void) | undefined;

  constructor({ settings, clock, changes, shared, busyShare }: StartLimiterDependencies) {
    this.#clock = clock;
    this.#shared = shared;
    this.#leastPerSecond = settings.leastPerSecond;
    this.#window = new StartWindow(settings);
    this.#awaitedLimit = createAwaitedLimit(settings.awaitedTargetMs, settings.ceiling);
    this.#crowd = createCrowdShare(busyShare);
    this.#taskTimeout = createTaskTimeout(settings.taskTimeoutMs);
    const { renew } = changes.watch({
      onChanged: (orderId) => {
        this.#finish(orderId);
      },
      onMissed: () => {
        this.#running.clear();
        this.#giveOut();
      },
    });
    this.#hear = renew;
  }

  count(): StartCounts {
    const limit = this.#window.slots(this.#clock.nowMs()) + this.#awaitedLimit.size();
    return { inFlight: this.#running.count(), limit, waiting: this.#waiters.length };
  }

  countOrder(): void {
    this.#crowd.countOrder();
  }

  acquire(orderId: string, { isAwaited, waitMs }: AcquireOptions): Promise<boolean> {
    const nowMs = this.#clock.nowMs();
    this.#giveUp(nowMs);
    const isFirst = isAwaited && !this.#waiters.some((waiter) => waiter.isAwaited);
    if (isFirst && this.#awaitedLimit.allows(this.#running.count(true))) {
      this.#start(orderId, true, nowMs);
      return Promise.resolve(true);
    }
    // One that is left to the relay would be overtaken by all that are waited for.
    if (!isAwaited && this.#waiters.length > 0 && !this.#isWorthWaiting(waitMs, nowMs)) {
      void this.#exchangeIfDue(nowMs);
      return Promise.resolve(false);
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiters.push({ orderId, isAwaited, deadlineMs: nowMs + waitMs, done: resolve });
    if (this.#waiters.length === 1) this.#giveOut();
    return promise;
  }

  startsWithin(timeMs: number): number {
    const perSlot = 1 + (timeMs / Math.max(LEAST_LATENCY_MS, this.#window.latencyMs)) * this.#crowd.share();
    return Math.max(1, Math.floor(this.#window.slots(this.#clock.nowMs()) * perSlot));
  }

  taskTimeoutMs(): number {
    return this.#taskTimeout.timeoutMs();
  }

  release(orderId: string): void {
    this.#running.remove(orderId);
    this.#giveOut();
  }

  fail(orderId: string): void {
    const saga = this.#running.remove(orderId);
    if (!saga) return;
    this.#window.countFailure(saga.startedMs, this.#clock.nowMs());
    this.#giveOut();
  }

  #finish(orderId: string): void {
    const saga = this.#running.end(orderId);
    if (!saga) return;
    const nowMs = this.#clock.nowMs();
    if (saga.isAwaited) this.#awaitedLimit.count(saga.startedMs, nowMs);
    this.#window.count(saga, nowMs);
    this.#taskTimeout.count(nowMs - saga.startedMs);
    this.#giveOut();
  }

  #start(orderId: string, isAwaited: boolean, nowMs: number): void {
    if (isAwaited) this.#tellAwaited(nowMs);
    const idleLimitMs = isAwaited ? 0 : this.#window.idleLimitMs(this.#running.count(false), this.#lastStartMs, nowMs);
    this.#running.add(orderId, { startedMs: nowMs, isAwaited, idleLimitMs });
    this.#crowd.countStart();
    this.#hear();
  }

  /** What is not told now is told with a later saga. */
  #tellAwaited(nowMs: number): void {
    if (nowMs - this.#toldAwaitedMs < TELL_AWAITED_MS) return;
    this.#toldAwaitedMs = nowMs;
    this.#shared.tellAwaited().catch(() => {
      this.#toldAwaitedMs = -Infinity;
    });
  }

  #giveUp(nowMs: number): void {
    if (this.#running.giveUp(this.#window.latencyMs, nowMs)) this.#window.countSilence(nowMs);
  }

  /** Gives out the slots that are free, and plans when to look again. */
  #giveOut(): void {
    const nowMs = this.#clock.nowMs();
    this.#cancelTimer?.();
    this.#giveUp(nowMs);
    this.#startAwaited(nowMs);
    for (;;) {
      // Those that are waited for have slots of their own, and take these when nobody else asks.
      const waiter = this.#waiters.find(({ isAwaited }) => !isAwaited) ?? this.#waiters[0];
      if (!waiter) return;
      const atMs = this.#nextStartMs(nowMs);
      const isGranted = atMs <= nowMs + (this.#window.slots(nowMs) > 0 ? TIMER_MS : 0);
      if (!isGranted && waiter.deadlineMs > nowMs) {
        void this.#exchangeIfDue(nowMs);
        const lookAgainMs = Math.min(atMs, waiter.deadlineMs, nowMs + EXCHANGE_MS / 2);
        this.#cancelTimer = this.#clock.callIn(Math.max(TIMER_MS, lookAgainMs - nowMs), () => {
          this.#giveOut();
        });
        return;
      }
      this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
      if (isGranted) {
        this.#start(waiter.orderId, false, nowMs);
        this.#lastStartMs = Math.max(nowMs, atMs);
      }
      waiter.done(isGranted);
    }
  }

  /** Starts those that are waited for, in the order in which they asked, as long as there is room for such, and tells those whose time is over. */
  #startAwaited(nowMs: number): void {
    for (const waiter of this.#waiters.filter(({ isAwaited }) => isAwaited)) {
      const isGranted = this.#awaitedLimit.allows(this.#running.count(true));
      if (!isGranted && waiter.deadlineMs > nowMs) continue;
      this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
      if (isGranted) this.#start(waiter.orderId, true, nowMs);
      waiter.done(isGranted);
    }
  }

  #nextStartMs(nowMs: number): number {
    const slots = this.#window.slots(nowMs);
    // The backlog holds orders that came earlier: beside many awaited sagas it gets about half of all that is under way.
    if (this.#running.count(false) < this.#running.count(true) - slots - 2) return nowMs;
    // Sagas that somebody waits for take all slots but the last one: the others go on.
    const underWay = this.#running.count(false) + Math.min(this.#running.count(true), slots - 1);
    const nextMs = this.#window.nextStartMs(underWay, this.#lastStartMs, nowMs);
    const share = this.#crowd.share();
    if (share === 1) return nextMs;
    const pauseMs = Math.min(this.#perSagaMs(nowMs), 1_000 / this.#leastPerSecond);
    return Math.max(nextMs, this.#lastStartMs + pauseMs);
  }

  /** Whether a saga that asks now would get its slot within `waitMs`, by how fast they become free. */
  #isWorthWaiting(waitMs: number, nowMs: number): boolean {
    return (this.#waiters.length + 1) * this.#perSagaMs(nowMs) <= waitMs;
  }

  /** Time between two starts, by the latency that sagas have. */
  #perSagaMs(nowMs: number): number {
    return this.#window.latencyMs / Math.max(1, this.#window.slots(nowMs)) / this.#crowd.share();
  }

  async #exchangeIfDue(nowMs: number): Promise<void> {
    if (this.#isExchanging || nowMs - this.#exchangedMs < EXCHANGE_MS) return;
    this.#isExchanging = true;
    if (nowMs - this.#exchangedMs > STALE_MS) this.#window.takeFigures(nowMs);
    else this.#crowd.adjust();
    this.#exchangedMs = nowMs;
    const own = this.#window.takeFigures(nowMs);
    const shared = await withinLimit(this.#clock, this.#shared.exchange(own), figuresOfOne(own, nowMs));
    this.#isExchanging = false;
    this.#window.adjust(shared, this.#clock.nowMs());
    this.#giveOut();
  }
}

/** The figures of all, or those of this process alone when they don't come in time. */
async function withinLimit(
  clock: Clock,
  exchanged: Promise<SharedStartFigures>,
  alone: SharedStartFigures,
): Promise<SharedStartFigures> {
  const { promise: late, resolve } = Promise.withResolvers<SharedStartFigures>();
  const cancel = clock.callIn(EXCHANGE_LIMIT_MS, () => {
    resolve(alone);
  });
  const shared = await Promise.race([exchanged.catch(() => alone), late]);
  cancel();
  return shared;
}
