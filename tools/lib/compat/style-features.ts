// Which CSS features the built styles use.
import { walk, parse, type CssNode, type WalkContext } from 'css-tree';
import bcd from '@mdn/browser-compat-data/forLegacyNode';
import type { Identifier } from '@mdn/browser-compat-data';
import type { Feature } from './support.ts';

const PREFIXES = ['-webkit-', '-moz-'];

/**
 * Features of `css` that a style sheet uses: properties and the words and functions among their
 * values, at-rules and what they ask for, selectors.
 * @param text a style sheet
 * @throws where it is not CSS
 */
export function usedInStyles(text: string): Feature[] {
	const used = new Map<string, Feature>();
	const note = (...parts: string[]): void => {
		const found = find(parts);
		if (found) used.set(found.path, found);
	};
	const tree = parse(text, {
		parseCustomProperty: true,
		onParseError(error) {
			throw error;
		}
	});
	walk(tree, {
		enter(this: WalkContext, node: CssNode) {
			noteNode(node, this.declaration?.property, this.atrule?.name, note);
		}
	});
	const prefixed = new Set<string>();
	walk(tree, (node) => {
		if (node.type === 'Declaration') prefixed.add(node.property);
	});
	return [...used.values()].map((feature) => {
		const [, , property = ''] = feature.path.split('.');
		const prefixes = PREFIXES.filter((prefix) => prefixed.has(prefix + property));
		return { ...feature, prefixes };
	});
}

function noteNode(
	node: CssNode,
	property: string | undefined,
	atRule: string | undefined,
	note: (...parts: string[]) => void
): void {
	switch (node.type) {
		case 'Declaration':
			note('properties', node.property);
			break;
		case 'Identifier':
			if (property) note('properties', property, node.name);
			break;
		case 'Function':
			note('types', node.name);
			if (property) note('properties', property, node.name);
			break;
		case 'Dimension':
			note('types', 'length', node.unit);
			break;
		case 'Atrule':
			note('at-rules', node.name);
			break;
		case 'Feature':
			if (atRule) note('at-rules', atRule, node.name);
			break;
		case 'PseudoClassSelector':
		case 'PseudoElementSelector':
			note('selectors', node.name);
			break;
		case 'NestingSelector':
			note('selectors', 'nesting');
	}
}

function find(parts: readonly string[]): Feature | null {
	let node: Identifier | undefined = bcd.css;
	let owner: Identifier | undefined;
	for (const part of parts) {
		owner = node;
		node = node && Object.hasOwn(node, part) ? node[part] : undefined;
	}
	if (!node?.__compat) return null;
	return {
		path: ['css', ...parts].join('.'),
		compat: node.__compat,
		...(owner?.__compat && { owner: owner.__compat })
	};
}
