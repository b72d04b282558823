import { render } from 'svelte/server';
import { expect, it } from 'vitest';
import Rich, { NAME } from '../../../src/lib/components/ui/Rich.svelte';

/** What is drawn, without the marks that Svelte leaves for itself. */
const drawn = (props: { text: string; links?: string[]; names?: string[] }) =>
	render(Rich, { props }).body.replace(/<!--.*?-->/g, '');

it('marks what is strong, and links in their order', () => {
	expect(drawn({ text: '**No** diagnosis. [Help], [more].', links: ['/help/', '/more/'] })).toBe(
		'<strong>No</strong> diagnosis. <a href="/help/">Help</a>, <a href="/more/">more</a>.'
	);
});

it('shows a name as it is, whatever it holds, apart from the direction around it', () => {
	const text = `“${NAME}”, **done**. [Open]`;
	const names = ['a [b] **c** <script>\u202e'];
	expect(drawn({ text, names, links: ['/'] })).toBe(
		'“<bdi>a [b] **c** &lt;script>\u202e</bdi>”, <strong>done</strong>. <a href="/">Open</a>'
	);
});
