/** https://developers.google.com/google-ads/api/rest/overview */
import { get, ok, post, textOf } from '../calls.ts';
import { googleAuthorize, googleError, googleRevocation, googleToken } from '../google.ts';
import type { Account, ApiFault, Asked, Call, Reply, StandIn } from '../stand-in.ts';

const ADWORDS = 'https://www.googleapis.com/auth/adwords';

export const standIn = {
  id: 'google-ads',
  name: 'Google Ads',
  accounts: [
    {
      id: '100000000000000000001',
      name: 'Sandbox One',
      email: 'one@gmail.sandbox.example',
      customers: '1000000001 1000000011',
    },
    {
      id: '100000000000000000002',
      name: 'Sandbox Two',
      email: 'two@gmail.sandbox.example',
      customers: '1000000002',
    },
  ],
  authorize: googleAuthorize([ADWORDS]),
  token: googleToken,
  api: { precheck, refuse },
  settings: ({ random }) => ({ developerToken: developerToken(random) }),
  endpoints: { revoke: '/revoke', apiBase: '' },
  calls,
} satisfies StandIn;

const developerToken = (random: string) => random.slice(0, 22);

function precheck({ headers }: Asked): ApiFault | null {
  const loginCustomer = headers['login-customer-id'];
  if (loginCustomer !== undefined && !/^\d{10}$/.test(String(loginCustomer)))
    return {
      kind: 'bad_request',
      code: 'INVALID_CUSTOMER_ID',
      message: 'login-customer-id takes digits only.',
    };
  return null;
}

function calls(): Call[] {
  const campaigns = [1, 2].map((n) => ({ id: `${9000 + n}`, name: `Campaign ${n}`, status: 'ENABLED' }));
  return [
    googleRevocation,
    get('/:version/customers::listAccessibleCustomers', { scopes: [ADWORDS] }, ({ account }) =>
      ok({ resourceNames: customersOf(account).map((id) => `customers/${id}`) }),
    ),
    post('/:version/customers/:id/googleAds::search', { scopes: [ADWORDS] }, (call) => {
      const customer = call.params['id'] ?? '';
      if (!customersOf(call.account).includes(customer))
        return call.refuse({
          kind: 'bad_request',
          status: 403,
          code: 'USER_PERMISSION_DENIED',
          message: "User doesn't have permission to access customer.",
        });
      const [, resource] = /^\s*SELECT\s.+\sFROM\s+(\w+)/is.exec(textOf(call.json, 'query') ?? '') ?? [];
      if (resource !== 'campaign' && resource !== 'customer')
        return call.refuse({
          kind: 'bad_request',
          code: 'BAD_RESOURCE_TYPE_IN_FROM_CLAUSE',
          message: 'Error in query.',
        });
      const results =
        resource === 'customer'
          ? [
              {
                customer: {
                  resourceName: `customers/${customer}`,
                  id: customer,
                  descriptiveName: call.account.name,
                },
              },
            ]
          : campaigns.map((campaign) => ({
              campaign: { resourceName: `customers/${customer}/campaigns/${campaign.id}`, ...campaign },
            }));
      return ok({ results, fieldMask: `${resource}.id,${resource}.name` });
    }),
  ];
}

function customersOf(account: Account): string[] {
  return (account['customers'] ?? '').split(' ');
}

// The group of an error code names the enumeration that its word is from.
const GROUPS: { readonly [word: string]: string } = {
  OAUTH_TOKEN_INVALID: 'authenticationError',
  OAUTH_TOKEN_EXPIRED: 'authenticationError',
  OAUTH_TOKEN_REVOKED: 'authenticationError',
  USER_PERMISSION_DENIED: 'authorizationError',
  BAD_RESOURCE_TYPE_IN_FROM_CLAUSE: 'queryError',
  RESOURCE_EXHAUSTED: 'quotaError',
};

function refuse(fault: ApiFault): Reply {
  const word = wordOf(fault);
  if (word === null) return googleError(fault);
  return googleError(fault, ({ message }) => [
    {
      '@type': 'type.googleapis.com/google.ads.googleads.v24.errors.GoogleAdsFailure',
      errors: [
        {
          errorCode: { [GROUPS[word] ?? 'requestError']: word },
          message,
          ...(fault.kind === 'rate_limited' && {
            details: { quotaErrorDetails: { rateScope: 'DEVELOPER', retryDelay: `${fault.retryAfter}s` } },
          }),
        },
      ],
      requestId: 'sandbox',
    },
  ]);
}

function wordOf(fault: ApiFault): string | null {
  switch (fault.kind) {
    case 'bad_request':
      return fault.code;
    case 'token_unknown':
      return 'OAUTH_TOKEN_INVALID';
    case 'token_expired':
      return 'OAUTH_TOKEN_EXPIRED';
    case 'token_revoked':
      return 'OAUTH_TOKEN_REVOKED';
    case 'rate_limited':
      return 'RESOURCE_EXHAUSTED';
    default:
      return null;
  }
}
