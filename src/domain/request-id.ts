/** The header of activities and updates, and the memo of workflows, that names the request which they serve. */
export const REQUEST_ID = 'request_id';
