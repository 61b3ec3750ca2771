import type { IN8nHttpFullResponse } from 'n8n-workflow';
import type { Caller, Way } from './way';

/** What a node must know of its provider to reach it through the hub. */
export type Service = {
	/** The integration's id at the hub. */
	readonly id: string;
	/** As people call it, for messages. */
	readonly name: string;
	/** The credential type of the authentication `hubConnection`. */
	readonly credential: string;
	/** Used where the hub's token answer names no other. */
	readonly apiBaseUrl: string;
	/** Further hosts of the same API, by the names the hub's proxy knows them by. */
	readonly otherApiBaseUrls?: { readonly [name: string]: string };
	/**
	 * What this provider's answer says is wrong, where status and the usual fields do not tell it; called for
	 * every answer. Null: nothing of its own to say.
	 */
	readonly refusal?: (response: IN8nHttpFullResponse) => Partial<Refusal> | null;
	/**
	 * An answer's body without what it repeats of the credentials it was asked for with: it becomes data of the
	 * workflow.
	 */
	readonly withoutSecrets?: <T>(body: T) => T;
	/** In place of the two ways to a provider: the hub itself. */
	readonly way?: (caller: Caller, itemIndex: number) => Promise<Way>;
};

/** An answer that is not what was asked for. */
export type Refusal = {
	/**
	 * `expired`: a newer token may help. `reconnect`: only a person can help. `rate_limited`: later.
	 * `refused`: the request is at fault, or the provider is.
	 */
	kind: 'expired' | 'reconnect' | 'rate_limited' | 'refused';
	status: number;
	/** The provider's own sentence, without secrets. */
	message: string;
	/** What to do about it. */
	advice?: string;
	/** How long the provider wants to be left alone. */
	waitMs?: number;
};
