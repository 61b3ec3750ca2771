import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';
import { hub } from './hub-api';
import { chosen } from './parameter';
import { requestJson } from './request';
import type { Service } from './service';

type Caller = IExecuteFunctions | ILoadOptionsFunctions;

// A run has many items, and one connection each as a rule.
const asked = new WeakMap<Caller, Map<string, Promise<string | null>>>();

/**
 * The provider's id of the account that is connected, for APIs whose calls must name it.
 *
 * @returns null: the hub does not know it
 */
export async function accountIdOf(
	caller: Caller,
	service: Service,
	itemIndex: number,
): Promise<string | null> {
	if (chosen(caller, 'authentication', itemIndex) !== 'apiKey') {
		const { oauthTokenData } = await caller.getCredentials<IDataObject>(service.credential, itemIndex);
		const { hub: told } = (oauthTokenData ?? {}) as { hub?: { account_id?: string | null } };
		return told?.account_id ?? null;
	}
	const connectionId = chosen(caller, 'connection', itemIndex);
	const known = asked.get(caller) ?? new Map<string, Promise<string | null>>();
	asked.set(caller, known);
	const url = `/api/connections/${encodeURIComponent(connectionId)}`;
	const found =
		known.get(connectionId) ??
		requestJson<{ account: { id: string } | null }>(caller, hub, itemIndex, { method: 'GET', url }).then(
			({ account }) => account?.id ?? null,
		);
	known.set(connectionId, found);
	return await found;
}
