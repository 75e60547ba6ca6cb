import Handlebars from 'handlebars';

/** Fills a template. Throws {@link TemplateError} when it names a variable that there is not. */
export type Template = (variables: object) => string;

/** A template that can't be used; the message names it and says what is wrong. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** What the values of variables are put into; in `html` they are escaped. */
export type TemplateForm = 'html' | 'text';

/** Compiles a template of Handlebars. Throws {@link TemplateError} that names it as `name` when it is broken, or would put a value into HTML as it is. */
export function compileTemplate(name: string, source: string, form: TemplateForm): Template {
  if (form === 'html' && /\{\{~?[{&]/.test(source)) {
    throw new TemplateError(`${name}: {{{ }}} and {{& }} are refused: values come from customers, so write {{ }}`);
  }
  const describe = (error: unknown) =>
    new TemplateError(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  let template: Handlebars.TemplateDelegate<object>;
  try {
    // Compiling waits for the first use, so a syntax error shows here only.
    Handlebars.parse(source);
    template = Handlebars.compile(source, { strict: true, noEscape: form === 'text', knownHelpersOnly: true });
  } catch (error) {
    throw describe(error);
  }
  return (variables) => {
    try {
      return template(variables);
    } catch (error) {
      throw describe(error);
    }
  };
}
