/** Names of the components of a hosted control plane, for those who only speak of them. */
export { COMPONENT_NAMES } from '../hosted/components.ts';
