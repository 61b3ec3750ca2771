import {
  classifyByStatus,
  classifyTokenAnswerByRfc6749,
  field,
  safeCode,
  textField,
} from './definition/answers.ts';
import type { Answer, Integration, Setup, Verdict } from './definition/integration.ts';
import { drawLogo } from './definition/logo.ts';
import { optionalSettings, textIn } from './definition/schemas.ts';

const GRAPH = 'https://graph.microsoft.com';
const SCOPES = [
  'offline_access',
  'User.Read',
  'Mail.ReadWrite',
  'Mail.Send',
  'Calendars.ReadWrite',
  'Contacts.ReadWrite',
];

export const integration = {
  id: 'outlook',
  name: 'Outlook',
  description:
    'Reads, sends and files mail, and manages calendar events and contacts, of an Outlook.com or Microsoft 365 account through Microsoft Graph.',
  category: 'Email',
  logo: drawLogo(
    'Outlook',
    '#0f5ea8',
    `<path d="M20 32V15a2 2 0 0 1 2-2h20a2 2 0 0 1 2 2v17"/>
     <path d="M27 20h10M27 27h10"/>
     <path d="M12 34h10l4 6h12l4-6h10v13a4 4 0 0 1-4 4H16a4 4 0 0 1-4-4z"/>`,
  ),
  status: 'active',
  docsUrl: 'https://learn.microsoft.com/graph/api/resources/mail-api-overview',
  consoleUrl: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
  capabilities: [
    'send messages',
    'reply to messages',
    'search messages',
    'move messages',
    'manage drafts',
    'manage folders',
    'read attachments',
    'manage calendar events',
    'manage contacts',
  ],
  examples: [
    { id: 'me', title: 'Who am I', method: 'GET', path: '/me' },
    {
      id: 'messages',
      title: 'The five newest messages',
      method: 'GET',
      path: '/me/messages',
      query: { $top: '5', $select: 'subject,from,receivedDateTime', $orderby: 'receivedDateTime desc' },
    },
  ],
  configSchema: optionalSettings({
    tenant: {
      type: 'string',
      title: 'Tenant',
      description:
        'Who may sign in: common (everybody), organizations, consumers, or one tenant by its id or domain name.',
      maxLength: 253,
      // It becomes one segment of the path of the token URL, so nothing that could leave it.
      pattern:
        '^(?:common|organizations|consumers|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\\.)+[a-zA-Z]{2,63})$',
      examples: ['contoso.onmicrosoft.com'],
      default: 'common',
    },
  }),
  authTypes: ['oauth2'],
  credentialSchemas: {},
  oauth: {
    authorizeUrl: (setup) => `${loginBase(setup)}/authorize`,
    tokenUrl: (setup) => `${loginBase(setup)}/token`,
    scopes: SCOPES,
    scopeMeanings: {
      offline_access: 'Stay connected while nobody is at the screen',
      'User.Read': 'See who you are',
      'Mail.ReadWrite': 'Read, write and delete mail',
      'Mail.Send': 'Send mail as you',
      'Calendars.ReadWrite': 'Read and change calendars',
      'Contacts.ReadWrite': 'Read and change contacts',
    },
    scopeSeparator: ' ',
    unechoedScopes: ['offline_access'],
    // Granted scopes come now and then with Graph's address in front, and in another case.
    comparableScope: (scope) => scope.replace(`${GRAPH}/`, '').toLowerCase(),
    pkce: true,
    // People are signed in with several accounts at once; without this the browser's first one is taken.
    authorizeParams: () => ({ response_mode: 'query', prompt: 'select_account' }),
    clientAuthentication: 'client_secret_post',
    refresh: {
      by: 'refresh_token',
      // Microsoft answers a new refresh token each time but does not revoke the one it was asked with
      // (https://learn.microsoft.com/entra/identity-platform/refresh-tokens).
      reusable: true,
      params: ({ credentials }) => ({
        scope: [...new Set([...(credentials.scopes ?? SCOPES), 'offline_access'])].join(' '),
      }),
    },
    classifyTokenAnswer: classifyEntraAnswer,
  },
  hosts: ['login.microsoftonline.com', 'graph.microsoft.com'],
  apiBaseUrl: () => `${GRAPH}/v1.0`,
  probe: () => ({ method: 'GET', url: '/me' }),
  account: (body) => {
    const id = textField(body, 'id');
    const name =
      textField(body, 'mail') ?? textField(body, 'userPrincipalName') ?? textField(body, 'displayName');
    return id && name ? { id, name } : null;
  },
  classify: classifyGraphAnswer,
  // No `revoke`: Microsoft ends all sessions of a user or none, and all would be far too much.
} satisfies Integration;

function loginBase({ config }: Setup): string {
  return `https://login.microsoftonline.com/${textIn(config, 'tenant') ?? 'common'}/oauth2/v2.0`;
}

// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
const PASSES_BY_ITSELF = [90033, 50196];
const ONLY_THE_USER_HELPS = [
  700082, // idle for 90 days
  70008, // expired
  50173, // password changed
  50133, // session ended
  50057, // account disabled
  65001, // consent missing
  50076, // second factor needed
  50078, // second factor expired
  50079, // second factor not enrolled
  53003, // conditional access
];
// OpenID Connect Core §3.1.2.6: none of them is mended without a person.
const INTERACTION = ['interaction_required', 'consent_required', 'login_required'];

/** `invalid_grant` covers passing trouble too: the AADSTS number decides before the word does. */
function classifyEntraAnswer(answer: Answer): Verdict {
  const verdict = classifyTokenAnswerByRfc6749(answer);
  if (verdict.kind === 'ok') return verdict;
  const numbers = numbersOf(answer.body);
  const passing = numbers.find((number) => PASSES_BY_ITSELF.includes(number));
  if (passing !== undefined) return { kind: 'provider_unavailable', code: `AADSTS${passing}` };
  const first = numbers[0];
  const code = first === undefined ? {} : { code: `AADSTS${first}` };
  if (verdict.kind === 'provider_unavailable' || verdict.kind === 'rate_limited')
    return { ...verdict, ...code };
  const final = numbers.find((number) => ONLY_THE_USER_HELPS.includes(number));
  if (final !== undefined) return { kind: 'credential_revoked', code: `AADSTS${final}` };
  const word = textField(answer.body, 'error');
  if (word !== undefined && INTERACTION.includes(word))
    return { kind: 'credential_revoked', code: word, ...code };
  return { ...verdict, ...code };
}

function numbersOf(body: unknown): number[] {
  const listed = field(body, 'error_codes');
  const all: unknown[] = Array.isArray(listed) ? listed : [];
  const numbers = all.filter((one): one is number => Number.isSafeInteger(one) && Number(one) > 0);
  const described = /^AADSTS(\d{4,9})\b/.exec(textField(body, 'error_description') ?? '')?.[1];
  return described === undefined ? numbers : [...numbers, Number(described)];
}

function classifyGraphAnswer(answer: Answer): Verdict {
  const verdict = classifyByStatus(answer);
  const word = textField(field(answer.body, 'error'), 'code');
  return verdict.kind === 'ok' || word === undefined ? verdict : { ...verdict, code: safeCode(word) };
}
