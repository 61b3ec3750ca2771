export { allPages, limitOf } from './all-pages';
export { customApiCall, customApiCallProperties } from './custom-api-call';
export { eachItem, jsonItems } from './each-item';
export { connectionProperties, judging, returnAllOrLimit } from './properties';
export { request, requestJson, type Call } from './request';
export { once, pages, type Pages } from './routing';
export { searchConnections } from './search-connections';
export type { Refusal, Service } from './service';
export { hub, hubPages } from './hub-api';
