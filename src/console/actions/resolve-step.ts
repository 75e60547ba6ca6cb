import { describeResolution } from '../../domain/describe-resolution.ts';
import { resolutions } from '../../domain/messages.ts';
import { isSagaAction, type SagaAction } from '../../domain/saga.ts';
import type { OrderDetails } from '../order/order-details.ts';
import { each, html } from '../ui/html.ts';
import { stepWords } from '../ui/words.ts';
import { choiceField, reasonField, textField } from './fields.ts';
import { FormError } from './form-fields.ts';
import { under, type OrderAction } from './order-action.ts';

/** Steps that wait for an operator. */
function parkedSteps({ steps }: Pick<OrderDetails, 'steps'>): SagaAction[] {
  const parked = steps.filter(({ state }) => state === 'FAILED').map(({ step }) => step);
  return [...new Set(parked)].filter(isSagaAction);
}

/** Lets a parked saga go on: retry, skip or resolve. */
export const resolveStepAction: OrderAction = {
  name: 'resolve',
  title: 'Decide the parked step',
  roles: ['operator', 'admin'],
  isOffered: (details) => parkedSteps(details).length > 0,
  form: (details) => {
    const steps = parkedSteps(details);
    return html`${
        steps.length > 1
          ? choiceField(
              'step',
              'Step',
              steps.map((step) => [step, stepWords(step)]),
            )
          : html`<input type="hidden" name="step" value="${steps[0] ?? ''}" />`
      }
      <fieldset class="choices">
        <legend>${steps.map(stepWords).join(', ')}</legend>
        ${each(
          resolutions,
          (action, index) =>
            html`<label
              ><input type="radio" name="action" value="${action}" required ${index === 0 ? 'checked' : ''} />
              <span><b>${stepWords(action)}</b> ${steps[0] ? effectOf(steps[0], action) : ''}</span></label
            >`,
        )}
      </fieldset>
      ${textField('reference', 'Reference', { isRequired: false, hint: 'For “Resolve” of money that was moved by hand.' })}
      ${reasonField()}`;
  },
  prepare: (fields, details) => {
    const step = fields.choice('step', 'Step', parkedSteps(details));
    const action = fields.choice('action', 'What to do', resolutions);
    const reason = fields.reason();
    const reference = fields.text('reference');
    if (reference !== '' && action !== 'resolve') throw new FormError('A reference goes with “Resolve” only.');
    return {
      effects: [
        `${stepWords(action)} of “${stepWords(step)}” ${effectOf(step, action)}.`,
        ...(reference === '' ? [] : [`Reference: ${reference}.`]),
      ],
      button: stepWords(action),
      isFinal: action !== 'retry',
      perform: async (client, key) => {
        const body = { action, reason, ...(reference !== '' && { reference }) };
        const after = await client.resolveStep({ id: details.order.id, step, body, ...under(key) });
        return after.saga_state === 'NEEDS_ATTENTION'
          ? 'Decided; the saga needs attention again.'
          : 'Decided: the saga goes on.';
      },
    };
  },
};

/** What a decision does, without the marks that the API sets around names of its own. */
function effectOf(step: SagaAction, action: (typeof resolutions)[number]): string {
  return describeResolution(step, action).replaceAll(/["`](\w+)["`]/g, '“$1”');
}
