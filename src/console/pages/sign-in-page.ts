import { html, nothing, type Html } from '../ui/html.ts';
import { plainPage } from './layout.ts';

interface SignInOptions {
  /** Where to go on after it. */
  readonly to: string;
  /** The issuer of the provider, where people sign in at one. */
  readonly issuer: string | undefined;
  readonly takesTokens: boolean;
}

/** The ways to sign in. */
export function signInPage({ to, issuer, takesTokens }: SignInOptions): Html {
  const hasBoth = issuer !== undefined && takesTokens;
  return plainPage(
    'Sign in',
    html`${issuer === undefined ? nothing : providerLink(to, issuer)} ${hasBoth ? html`<hr />` : nothing}
    ${takesTokens ? tokenForm(to, hasBoth) : nothing}`,
  );
}

/** Where somebody is who has signed out, or may not come in; who is still signed in at the provider can leave there, too. */
export function signedOutPage(signOutUrl: URL | undefined): Html {
  return plainPage(
    'You are signed out',
    html`<p><a class="button primary" href="/console/sign-in">Sign in again</a></p>
      ${
        signOutUrl
          ? html`<p class="muted">
              You may still be signed in at ${signOutUrl.host}.
              <a href="${signOutUrl.href}">Sign out there, too</a>, for instance to sign in as somebody else.
            </p>`
          : nothing
      }`,
  );
}

function providerLink(to: string, issuer: string): Html {
  return html`<p>
      <a class="button primary" href="/console/sign-in/begin?to=${encodeURIComponent(to)}">Sign in with your account</a>
    </p>
    <p class="muted">You enter your password at ${new URL(issuer).host}, and come back here.</p>`;
}

/** The button stands back where there is another way. */
function tokenForm(to: string, isSecond: boolean): Html {
  return html`<form method="post" action="/console/sign-in/token">
    <input type="hidden" name="to" value="${to}" />
    <label>Token <input name="token" type="password" autocomplete="off" required /></label>
    <p class="muted">
      With <code>npm start</code>, <code>npm run -s console-links</code> prints links that sign you in.
    </p>
    <button ${isSecond ? nothing : html`class="primary"`}>Sign in with the token</button>
  </form>`;
}
