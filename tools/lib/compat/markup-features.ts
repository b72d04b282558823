// Which elements and attributes the components' markup uses, and which keys the web manifest.
import bcd from '@mdn/browser-compat-data/forLegacyNode';
import { parse } from 'svelte/compiler';
import type { CompatStatement, Identifier } from '@mdn/browser-compat-data';
import type { Feature } from './support.ts';

interface Node {
	type?: string;
	name?: string;
	attributes?: Node[];
}

/** Features of `html` that a component uses. */
export function usedInMarkup(component: string): Feature[] {
	const used: Feature[] = [];
	const visit = (value: unknown): void => {
		if (Array.isArray(value)) return value.forEach(visit);
		if (typeof value !== 'object' || value === null) return;
		const { type, name = '', attributes = [] } = value as Node;
		if (type === 'RegularElement') {
			for (const attribute of attributes.filter((each) => each.type === 'Attribute')) {
				const key = attribute.name ?? '';
				used.push(...find(bcd.html, 'html', 'elements', name, key));
				used.push(...find(bcd.html, 'html', 'global_attributes', key));
			}
			used.push(...find(bcd.html, 'html', 'elements', name));
		}
		Object.values(value).forEach(visit);
	};
	visit(parse(component, { modern: true }).fragment);
	return used;
}

/** Features of web manifests that a manifest names. */
export function usedInManifest(manifest: object): Feature[] {
	const known = bcd.manifests;
	return Object.keys(manifest).flatMap((key) => find(known, 'manifests', 'webapp', key));
}

function find(root: Identifier, prefix: string, ...parts: string[]): Feature[] {
	let node: Identifier | undefined = root;
	let owner: CompatStatement | undefined;
	for (const part of parts) {
		owner = node?.__compat;
		node = node && Object.hasOwn(node, part) ? node[part] : undefined;
	}
	const compat = node?.__compat;
	return compat ? [{ path: [prefix, ...parts].join('.'), compat, ...(owner && { owner }) }] : [];
}
