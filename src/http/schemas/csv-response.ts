/** A documented answer of CSV. */
export function csv(description: string) {
  return {
    description,
    content: { 'text/csv': { schema: { type: 'string' } as const } },
    headers: {
      'Content-Disposition': { description: 'Names the file.', schema: { type: 'string' } as const },
    },
  };
}

/**
 * Streams pieces of text as the client reads them. The first one is awaited, so that a failure to begin is still answered with a
 * problem; a later failure cuts the answer off, which the client notices.
 */
export async function csvResponse(pieces: AsyncGenerator<string>, fileName: string): Promise<Response> {
  const first = await pieces.next();
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (first.done === true) controller.close();
      else controller.enqueue(encoder.encode(first.value));
    },
    pull: async (controller) => {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel: async () => {
      await pieces.return(undefined);
    },
  });
  return new Response(stream, {
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
    },
  });
}
