/** The channel that says which orders have changed: their ids, separated by commas. */
export const ORDER_CHANGED = 'order_changed';

/** The channel that says to whoever holds copies of which orders events were published: their ids, separated by commas. */
export const ORDER_EVENTS = 'order_events';

/** The channel that says that events were written, a few times a second at most; its payload is empty. */
export const EVENTS_WRITTEN = 'events_written';
