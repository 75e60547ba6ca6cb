import { directActor, UNNAMED_ACTOR } from './direct-command.ts';
import type { ApiMessage, Command } from './messages.ts';
import { isIdempotencyKey, isLine, MAX_REASON } from './text-rules.ts';
import { UndecodablePayload } from './undecodable-payload.ts';

/** Longest name by which somebody calls themselves. */
const MAX_ACTOR = 200;

/** What every command has, everything that was given, and whether the API has checked it. */
export interface ReadMessage {
  readonly base: Command;
  readonly given: ReadonlyMap<string, unknown>;
  readonly isFromApi: boolean;
}

/** What is read from a message. */
export interface MessageShape {
  /** The command's name, for the sentence that says what is wrong. */
  readonly name: string;
  /** The fields that it takes beside the common ones, unless the API sends it. */
  readonly fields: readonly string[];
  /** The id of a command that comes without one. */
  readonly commandId: string;
}

/**
 * Reads what came as a command's one argument: from the API, which has checked it, or from anyone who has access to Temporal. Theirs
 * obeys the rules of the API's requests, and its actor is marked. Returns a sentence when something is wrong.
 */
export function readMessage(input: unknown, shape: MessageShape): ReadMessage | string {
  const { name } = shape;
  if (input instanceof UndecodablePayload) return `${takesObject(name)}; what came ${input.fault}`;
  if (!isJsonObject(input)) return takesObject(name);
  if (!isApiMessage(input)) return readDirect(input, shape);
  const { actor, reason, command_id } = input.from_api;
  return { base: { actor, reason, command_id }, given: new Map(Object.entries(input.from_api)), isFromApi: true };
}

/** Whether the API sent it. Whoever has access to Temporal could claim the same: it keeps apart, it does not keep out. */
export function isApiMessage(input: unknown): input is ApiMessage<Command> {
  if (!isJsonObject(input) || Object.keys(input).length !== 1) return false;
  const checked = input['from_api'];
  return isJsonObject(checked) && COMMON_FIELDS.every((field) => typeof checked[field] === 'string');
}

/** Who a direct command says it is from, as far as that can be told. */
export function actorOf(input: unknown): string {
  const actor = isJsonObject(input) ? input['actor'] : undefined;
  return typeof actor === 'string' && isLine(actor, MAX_ACTOR) ? directActor(actor) : UNNAMED_ACTOR;
}

/** Whether it is an object as JSON has them; an array or bytes are none. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

const COMMON_FIELDS = ['reason', 'actor', 'command_id'] as const;

function readDirect(
  input: Readonly<Record<string, unknown>>,
  { name, fields, commandId }: MessageShape,
): ReadMessage | string {
  const known: readonly string[] = [...fields, ...COMMON_FIELDS];
  if (Object.keys(input).some((field) => !known.includes(field))) {
    return `${name} takes no fields but ${known.map((field) => `"${field}"`).join(', ')}`;
  }
  const { actor, reason, command_id: id } = input;
  if (isGiven(actor) && actorOf(input) === UNNAMED_ACTOR) return `"actor" must say who you are, in ${aLine(MAX_ACTOR)}`;
  if (typeof reason !== 'string' || !isLine(reason, MAX_REASON)) {
    return `"reason" must say why, in ${aLine(MAX_REASON)}`;
  }
  if (isGiven(id) && (typeof id !== 'string' || !isIdempotencyKey(id))) {
    return '"command_id" must be 1 to 255 printable ASCII characters without a card number, or be left out';
  }
  const base = { actor: actorOf(input), reason, command_id: typeof id === 'string' && id !== '' ? id : commandId };
  return { base, given: new Map(Object.entries(input)), isFromApi: false };
}

/** What a text must be, for people. */
export function aLine(max: number): string {
  return `one line of at most ${max} characters without control characters or a card number`;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function takesObject(name: string): string {
  return `${name} takes one JSON object, such as {"reason": "…", "actor": "…"}`;
}
