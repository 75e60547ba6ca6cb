import { codeOf, describe, NotTried, demand, type Call, type Check } from './check.ts';

/** The longest key that this system sends. */
export const KEY_LENGTH = 255;

/** Tries a call without credentials; `matters` says what anybody could do. */
export function accessCheck(matters: string, call: Call): Check {
  return {
    id: 'access',
    severity: 'major',
    expected: 'a call without credentials is answered 401 or 403',
    matters,
    run: async (service) => {
      if (!service.hasCredentials) throw new NotTried('the service is called without credentials');
      const answer = await service.send({ ...call, isAnonymous: true });
      demand([401, 403].includes(answer.status), `a call without credentials was answered ${describe(answer)}`);
    },
  };
}

/** Tries a request that can't be made sense of. */
export function errorShapeCheck(call: Call): Check {
  return {
    id: 'error-shape',
    severity: 'major',
    expected: 'a request that can not be made sense of is answered 400 or 422 with a JSON body that has a code',
    matters: 'this system would retry for an hour what can never succeed, and operators would not see why',
    run: async (service) => {
      const answer = await service.send(call);
      const isRight = [400, 422].includes(answer.status) && codeOf(answer) !== undefined;
      demand(isRight, `a request that can't be made sense of was answered ${describe(answer)}`);
    },
  };
}
