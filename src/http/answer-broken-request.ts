import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type ServerResponse, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { ProblemError, problemBody, problemType } from './problems/problem.ts';

/** Answers with a problem what is no HTTP request, has too many headers, or does not come in time; then closes the connection. */
export function answerBrokenRequests(server: Server, maxHeaderBytes: number): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => answers.set(socket, answer));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const answer = answers.get(socket);
    // An answer that has begun can't be taken back, and its rest would be taken for more of it.
    const isAnswering = answer !== undefined && answer.headersSent && !answer.writableFinished;
    if (!socket.writable || isAnswering) socket.destroy(error);
    else socket.end(wholeAnswer(problemOf(error.code, maxHeaderBytes)), () => socket.destroy());
  });
}

/** The answer to a request whose address or host is none. */
export function brokenAddress(): Response {
  const problem = new ProblemError('VALIDATION', 'The address or the Host header is not valid.');
  return new Response(bodyOf(problem), { status: problem.status, headers: problemType });
}

function problemOf(code: string | undefined, maxHeaderBytes: number): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new ProblemError('VALIDATION', `The headers are larger than ${maxHeaderBytes} bytes.`, { status: 431 });
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ProblemError('VALIDATION', 'The request did not come in time.', { status: 408 });
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return new ProblemError('VALIDATION', 'The body has too many chunk extensions.', { status: 413 });
  }
  return new ProblemError('VALIDATION', 'This is no HTTP request.');
}

function bodyOf(problem: ProblemError): string {
  return JSON.stringify(problemBody(problem, { path: '', requestId: randomUUID() }));
}

function wholeAnswer(problem: ProblemError): string {
  const body = bodyOf(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-type: ${problemType['content-type']}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
