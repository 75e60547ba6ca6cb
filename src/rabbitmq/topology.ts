/** The queues of messages to customers: all durable, and replicated where there are several brokers. */
export interface Topology {
  readonly queue: string;
  /** The exchange of messages that can't be sent, which leads to the queue of the same name. */
  readonly deadLetters: string;
  /** A queue that holds messages for so long, and gives them back to {@link Topology.queue}. */
  readonly retryQueue: (delayMs: number) => string;
}

/** The names that follow from that of the queue. */
export function topologyOf(queue: string): Topology {
  return { queue, deadLetters: `${queue}.dead-letter`, retryQueue: (delayMs) => `${queue}.retry.${delayMs}` };
}

/** Never reached: RabbitMQ 4 would give a message up after 20 deliveries, and nobody would be told. Brokers before it take no -1. */
const DELIVERY_LIMIT = 1_000_000;

/** How the queue is declared. */
export function mainQueue({ queue, deadLetters }: Topology) {
  return {
    queue,
    durable: true,
    arguments: { ...quorum, ...leadsTo(deadLetters, queue), 'x-delivery-limit': DELIVERY_LIMIT },
  };
}

/** What is declared before anything is published, by whoever comes first. */
export function declareTopology(topology: Topology, retryDelaysMs: readonly number[]) {
  const { queue, deadLetters, retryQueue } = topology;
  return {
    queues: [
      mainQueue(topology),
      { queue: deadLetters, durable: true, arguments: quorum },
      ...retryDelaysMs.map((delayMs) => ({
        queue: retryQueue(delayMs),
        durable: true,
        arguments: { ...quorum, ...leadsTo('', queue), 'x-message-ttl': delayMs },
      })),
    ],
    exchanges: [{ exchange: deadLetters, type: 'fanout', durable: true }],
    queueBindings: [{ queue: deadLetters, exchange: deadLetters }],
  };
}

const quorum = { 'x-queue-type': 'quorum' } as const;

/** A message leaves its queue only once the other has it, and a queue that is full refuses instead of dropping. */
function leadsTo(exchange: string, routingKey: string) {
  return {
    'x-dead-letter-exchange': exchange,
    'x-dead-letter-routing-key': routingKey,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  } as const;
}
