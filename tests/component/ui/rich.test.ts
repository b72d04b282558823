/** Messages with marked parts. */
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Rich, { NAME } from '../../../src/lib/components/ui/Rich.svelte';
import { boxOf } from '../helpers/geometry';

async function shown(props: { text: string; links?: string[]; names?: string[] }) {
	const { container } = await render(Rich, props);
	return container;
}

it('marks what is strong, and links in their order', async () => {
	const text = '**No** diagnosis. [Help], [more].';
	const found = await shown({ text, links: ['/help/', '/more/'] });
	expect(found.textContent).toBe('No diagnosis. Help, more.');
	expect(found.querySelector('strong')!.textContent).toBe('No');
	const links = [...found.querySelectorAll('a')];
	expect(links.map((a) => [a.textContent, a.pathname])).toEqual([
		['Help', '/help/'],
		['more', '/more/']
	]);
});

it('shows a name as it is, whatever it holds', async () => {
	const name = 'a [b] **c** <script>x</script>';
	const found = await shown({ text: `“${NAME}”, **done**. [Open]`, names: [name], links: ['/'] });
	expect(found.querySelector('bdi')!.textContent).toBe(name);
	expect(found.querySelector('script')).toBeNull();
	expect([...found.querySelectorAll('strong, a')].map((one) => one.textContent)).toEqual([
		'done',
		'Open'
	]);
});

it('keeps the words around a name in their places, whatever its direction', async () => {
	const found = await shown({ text: `**before** ${NAME} **after**`, names: ['صورة \u202e abc'] });
	const [before, after] = [...found.querySelectorAll('strong')].map(boxOf);
	const name = boxOf(found.querySelector('bdi')!);
	expect(before.right).toBeLessThanOrEqual(name.left);
	expect(name.right).toBeLessThanOrEqual(after.left);
});
