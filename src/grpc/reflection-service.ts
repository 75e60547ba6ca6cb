import { createRegistry, toBinary, type DescFile } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { file_google_rpc_error_details } from './generated/google/rpc/error_details_pb.ts';
import { Health } from './generated/grpc/health/v1/health_pb.ts';
import { OrderService } from './generated/orders/v1/order_service_pb.ts';
import { ServerReflection } from './generated/grpc/reflection/v1/reflection_pb.ts';
import { ServerReflection as OlderServerReflection } from './generated/grpc/reflection/v1alpha/reflection_pb.ts';

const services = [OrderService, Health, ServerReflection, OlderServerReflection] as const;

/** A request of reflection, of either version. */
type Question =
  | { readonly case: 'fileByFilename' | 'fileContainingSymbol' | 'allExtensionNumbersOfType'; readonly value: string }
  | { readonly case: 'listServices'; readonly value: string }
  | { readonly case: 'fileContainingExtension'; readonly value: { readonly containingType: string } }
  | { readonly case: undefined; readonly value?: undefined };

/** A request of either version, which is answered together with what was asked. */
interface ReflectionRequest {
  readonly host: string;
  readonly messageRequest: Question;
}

/** Answers each request of reflection in turn; no two requests of a call wait for one another. */
export async function* reflect<Request extends ReflectionRequest>(requests: AsyncIterable<Request>) {
  for await (const request of requests) {
    yield { validHost: request.host, originalRequest: request, messageResponse: answer(request.messageRequest) };
  }
}

function answer(question: Question) {
  switch (question.case) {
    case 'listServices': {
      const service = services.map(({ typeName: name }) => ({ name }));
      return { case: 'listServicesResponse', value: { service } } as const;
    }
    case 'fileByFilename':
      return answerFile(files.get(question.value), question.value);
    case 'fileContainingSymbol':
      return answerFile(fileOf(question.value), question.value);
    case 'fileContainingExtension':
      return notFound(`extension of ${question.value.containingType}`);
    case 'allExtensionNumbersOfType': {
      // No type here has extensions.
      if (!registry.getMessage(question.value)) return notFound(question.value);
      const value = { baseTypeName: question.value, extensionNumber: [] };
      return { case: 'allExtensionNumbersResponse', value } as const;
    }
    case undefined:
      return failure(Code.InvalidArgument, 'Nothing was asked for.');
    default:
      return question satisfies never;
  }
}

/** The file with all that it imports, so that nobody has to ask again. */
function answerFile(file: DescFile | undefined, asked: string) {
  if (!file) return notFound(asked);
  const fileDescriptorProto = withImports(file).map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } } as const;
}

function notFound(what: string) {
  return failure(Code.NotFound, `There is no ${what.slice(0, 200)} here.`);
}

function failure(errorCode: Code, errorMessage: string) {
  return { case: 'errorResponse', value: { errorCode, errorMessage } } as const;
}

function withImports(...roots: readonly DescFile[]): DescFile[] {
  const found = new Set<DescFile>();
  const add = (file: DescFile) => {
    if (found.has(file)) return;
    found.add(file);
    file.dependencies.forEach(add);
  };
  roots.forEach(add);
  return [...found];
}

// Errors' details stand in no method, but clients look them up.
const known = withImports(...services.map(({ file }) => file), file_google_rpc_error_details);
const registry = createRegistry(...known);
const files = new Map(known.map((file) => [`${file.name}.proto`, file]));

/** The file that declares a type, service, or method or field of one. */
function fileOf(symbol: string): DescFile | undefined {
  return (registry.get(symbol) ?? registry.get(symbol.slice(0, symbol.lastIndexOf('.'))))?.file;
}
