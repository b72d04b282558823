/** The viewer: looking at an image and saying what is on it, with the mouse or with keys alone. */
import type { ComponentProps } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cdp, page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { locale } from '../../../src/lib/i18n/locale.svelte';
import type { Review } from '../../../src/lib/review/review';
import { taskWords } from '../../../src/lib/tasks/task-words';
import { readRow, reviewOf } from '../../unit/helpers/rows';
import { areApart, boxOf, isWithin } from '../helpers/geometry';
import { showLocale } from '../helpers/locale';
import { pictureOf } from '../helpers/pictures';
import { manifestFor } from '../helpers/shipped';
import ViewerHost from './ViewerHost.svelte';
import { soon } from '../../helpers/soon';

const TASK = 'chest-xray-pneumonia';
const manifest = manifestFor(TASK);
const button = (name: string | RegExp) => page.getByRole('button', { name });
const note = page.getByLabelText('Note', { exact: true });
const pressedFindings = () =>
	[...document.querySelectorAll('.findings [aria-pressed=true]')].map((one) =>
		one.textContent.replace(/\d/, '').trim()
	);

beforeEach(() => page.viewport(1200, 800));
afterEach(() => {
	locale.id = 'en';
});

async function shown(
	changes: Partial<ComponentProps<typeof ViewerHost>> & { review?: Review; map?: Uint8Array } = {}
) {
	const { review = null, map = null, ...props } = changes;
	const on = {
		onMove: vi.fn(),
		onClose: vi.fn(),
		onReview: vi.fn<(review: Review | null) => void>()
	};
	const file = new File([await pictureOf(600, 400)], 'a.png', { type: 'image/png' });
	const row = readRow(0, 0.9, 'a.png');
	const entry = { ...row.entry, open: () => Promise.resolve(file) };
	const rows = [{ ...row, entry, review, map }, readRow(1, 0.2)];
	await render(ViewerHost, { rows, manifest, ...on, ...props });
	await expect.element(page.getByRole('dialog')).toBeVisible();
	return { ...on, review: () => on.onReview.mock.lastCall?.[0] ?? null };
}

const zoom = () => Number(page.getByTestId('stage').element().getAttribute('data-zoom'));

/** The stage knows the picture's size only when the picture is there. */
async function pictureIsThere(): Promise<void> {
	await soon(() => {
		const picture = document.querySelector<HTMLImageElement>('.stage img');
		expect(picture?.naturalWidth).toBeGreaterThan(0);
		const { clientWidth } = page.getByTestId('stage').element();
		expect(zoom() * picture!.naturalWidth).toBeLessThanOrEqual(clientWidth + 1);
	});
}

describe('with keys alone', () => {
	it('a finding is made, changed and undone', async () => {
		const { review } = await shown();
		const { findings } = taskWords(TASK);
		await userEvent.keyboard('1');
		await soon(() => expect(review()?.finding).toBe('present'));
		await expect.element(page.getByTestId('agreement')).toHaveAttribute('data-agreement', 'agree');
		await userEvent.keyboard('2');
		await soon(() => expect(pressedFindings()).toEqual([findings.absent]));
		await expect
			.element(page.getByTestId('agreement'))
			.toHaveAttribute('data-agreement', 'differs');
		await userEvent.keyboard('u');
		await soon(() => expect(pressedFindings()).toEqual([findings.present]));
		await userEvent.keyboard('u');
		await soon(() => expect(review()).toBeNull());
		await expect.element(button('Undo')).toBeDisabled();
	});

	it('a note is written; its letters are no keys', async () => {
		const { review, onMove } = await shown();
		await userEvent.keyboard('1');
		await expect.element(note).toBeVisible();
		await userEvent.keyboard('n');
		await expect.element(note).toHaveFocus();
		await userEvent.keyboard('2 ribs, u');
		await userEvent.keyboard('{ArrowRight}');
		await userEvent.tab();
		await soon(() => expect(review()).toMatchObject({ finding: 'present', note: '2 ribs, u' }));
		expect(onMove).not.toHaveBeenCalled();
	});

	it('the next image is on the side to which the text runs', async () => {
		const { onMove } = await shown();
		await userEvent.keyboard('{ArrowRight}');
		expect(onMove).toHaveBeenLastCalledWith(1);
		locale.id = 'ar';
		await userEvent.keyboard('{ArrowLeft}');
		expect(onMove.mock.calls).toEqual([[1], [1]]);
	});

	it('the list of keys is opened, and goes before the viewer does', async () => {
		const { onClose } = await shown();
		await userEvent.keyboard('k');
		await expect.element(page.getByTestId('keys')).toBeVisible();
		await userEvent.keyboard('{Escape}');
		await expect.element(page.getByTestId('keys')).not.toBeInTheDocument();
		expect(onClose).not.toHaveBeenCalled();
		await userEvent.keyboard('{Escape}');
		await soon(() => expect(onClose).toHaveBeenCalledOnce());
	});

	it('the picture is enlarged and shown whole again', async () => {
		await shown();
		await pictureIsThere();
		const whole = zoom();
		await userEvent.keyboard('+');
		await soon(() => expect(zoom()).toBeGreaterThan(whole));
		await userEvent.keyboard('f');
		await soon(() => expect(zoom()).toBeCloseTo(whole, 3));
	});
});

describe('a review that differs from the list', () => {
	it('is asked for its reason, which can be taken back', async () => {
		const { review } = await shown();
		const { reasonsNotSeen, findings } = taskWords(TASK);
		const [{ id, words }] = reasonsNotSeen;
		await button(findings.absent).click();
		await button(words).click();
		await soon(() => expect(review()?.reason).toBe(id));
		await expect.element(button(words)).toHaveAttribute('aria-pressed', 'true');
		await button(words).click();
		await soon(() => expect(review()?.reason).toBe(''));
	});

	it('takes a reason in the person’s own words', async () => {
		const { review } = await shown({ review: reviewOf('absent', { reason: 'A rib' }) });
		const field = page.getByLabelText('Another reason');
		await expect.element(field).toHaveValue('A rib');
		await field.fill('Two ribs');
		await userEvent.tab();
		await soon(() => expect(review()?.reason).toBe('Two ribs'));
	});

	it.each(['en', 'fr', 'ar'] as const)('shows the reason that was chosen, in %s', async (id) => {
		showLocale(id);
		const { reasonsNotSeen } = taskWords(TASK);
		await shown({ review: reviewOf('absent', { reason: reasonsNotSeen[1].id }) });
		const pressed = document.querySelectorAll('.reasons [aria-pressed=true]');
		expect([...pressed].map((one) => one.textContent.trim())).toEqual([reasonsNotSeen[1].words]);
	});
});

describe('a list that another tab works on', () => {
	it('is looked at only: neither buttons nor keys review', async () => {
		const { review } = await shown({ readOnly: true });
		expect(document.querySelector('.findings')).toBeNull();
		await userEvent.keyboard('1');
		await userEvent.keyboard('h');
		expect(review()).toBeNull();
	});
});

for (const [width, height] of [
	[360, 740],
	[1366, 668]
]) {
	it(`image, controls and panel have places of their own at ${width} x ${height}`, async () => {
		await page.viewport(width, height);
		await shown();
		const parts = ['.stage', '.controls', 'aside'].map((one) =>
			boxOf(document.querySelector(`dialog ${one}`)!)
		);
		parts.forEach((part, i) => {
			expect(part.right).toBeLessThanOrEqual(width);
			expect(part.width * part.height).toBeGreaterThan(10_000);
			for (const other of parts.slice(i + 1)) expect(areApart(part, other)).toBe(true);
		});
		for (const one of document.querySelectorAll('aside button')) {
			expect(one.scrollHeight, one.textContent).toBeLessThanOrEqual(one.clientHeight + 1);
		}
	});
}

describe('on a phone', () => {
	const stage = page.getByTestId('stage');
	const bar = page.getByTestId('quick-answers');

	beforeEach(() => page.viewport(412, 915));

	async function swiped(from: number, to: number) {
		await soon(() => expect(document.querySelector('.stage img')).not.toBeNull());
		const { left, top } = boxOf(stage);
		const page = window.frameElement?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth);
		// The frame of the tests may be drawn smaller than it is.
		const drawnAt = page.width / innerWidth;
		const touch = (type: string, x: number | null) =>
			cdp().send('Input.dispatchTouchEvent', {
				type,
				touchPoints:
					x === null
						? []
						: [{ id: 1, x: page.left + drawnAt * (left + x), y: page.top + drawnAt * (top + 150) }]
			} as never);
		await touch('touchStart', from);
		for (const share of [0.3, 0.6, 1]) await touch('touchMove', from + share * (to - from));
		await touch('touchEnd', null);
	}

	it('answers and the way on stay in sight, wherever the viewer is scrolled to', async () => {
		const { review, onMove } = await shown();
		const scrolled = page.getByTestId('viewer').element().querySelector('.body')!;
		const { findings } = taskWords(TASK);
		for (const place of [0, scrolled.scrollHeight]) {
			scrolled.scrollTop = place;
			expect(scrolled.scrollTop > 0).toBe(place > 0);
			await soon(() =>
				expect(isWithin(boxOf(bar), new DOMRect(0, 0, innerWidth, innerHeight))).toBe(true)
			);
		}
		await bar.getByRole('button', { name: findings.absent }).click();
		await soon(() => expect(review()?.finding).toBe('absent'));
		await bar.getByRole('button', { name: 'Next' }).click();
		expect(onMove).toHaveBeenCalledWith(1);
	});

	it('the category stands above the picture, beside which image it is', async () => {
		await shown();
		const chip = page.getByTestId('viewer').element().querySelector('header .chip')!;
		expect(isWithin(chip.getBoundingClientRect(), new DOMRect(0, 0, innerWidth, innerHeight))).toBe(
			true
		);
		expect(chip.getBoundingClientRect().bottom).toBeLessThanOrEqual(boxOf(stage).top);
	});

	it('a swipe goes on, to the side to which the text runs', async () => {
		const { onMove } = await shown();
		await swiped(300, 120);
		await soon(() => expect(onMove.mock.calls).toEqual([[1]]));
		await swiped(120, 300);
		await soon(() => expect(onMove.mock.calls).toEqual([[1], [-1]]));
		locale.id = 'ar';
		await swiped(120, 300);
		await soon(() => expect(onMove.mock.calls).toEqual([[1], [-1], [1]]));
	});

	it('a finger moves a picture that is enlarged', async () => {
		const { onMove } = await shown();
		await pictureIsThere();
		const whole = zoom();
		await button('Larger').click();
		await soon(() => expect(zoom()).toBeGreaterThan(whole));
		const place = () => document.querySelector<HTMLElement>('.stage img')!.style.transform;
		const before = place();
		await swiped(300, 120);
		await soon(() => expect(place()).not.toBe(before));
		expect(onMove).not.toHaveBeenCalled();
	});
});

describe('which places counted', () => {
	const ask = button('Heat map');
	const map = new Uint8Array(64).fill(200);

	it('is not offered where no kind of map passed its tests', async () => {
		await shown();
		await expect.element(ask).not.toBeInTheDocument();
		await userEvent.keyboard('h');
		await expect.element(page.getByTestId('heat-map')).not.toBeInTheDocument();
	});

	it('is looked for when a person asks, and ended when they want it no more', async () => {
		const [onAsk, onEnd] = [vi.fn(), vi.fn()];
		await shown({ offersHeat: true, onAsk, onEnd });
		await expect.element(ask).toHaveAttribute('aria-pressed', 'false');
		expect(onAsk).not.toHaveBeenCalled();
		await userEvent.keyboard('h');
		await expect.element(ask).toHaveAttribute('aria-pressed', 'true');
		expect(onAsk).toHaveBeenCalledOnce();
		onEnd.mockClear();
		await ask.click();
		expect(onEnd).toHaveBeenCalledOnce();
		expect(onAsk).toHaveBeenCalledOnce();
	});

	it('is told while it is looked for, and where no place stands out', async () => {
		const offersHeat = true;
		const explaining = { kind: 'reading' as const, done: 12, most: 55 };
		const { rerender } = await render(ViewerHost, {
			rows: [readRow(0, 0.9)],
			manifest,
			offersHeat,
			explaining
		});
		await userEvent.keyboard('h');
		await expect.element(page.getByTestId('explanation')).toHaveTextContent('12 of at most 55');
		await rerender({ explaining: { kind: 'none' } });
		await expect.element(page.getByTestId('explanation')).toHaveTextContent('No place');
	});

	it('is shown from the row where it is there, and not looked for again', async () => {
		const onAsk = vi.fn();
		await shown({ offersHeat: true, onAsk, map });
		await expect.element(page.getByTestId('heat-map')).not.toBeInTheDocument();
		await userEvent.keyboard('h');
		await expect.element(page.getByTestId('heat-map')).toBeInTheDocument();
		expect(onAsk).not.toHaveBeenCalled();
	});
});

describe('the patient', () => {
	it('is typed in, shown with where it is known from, and taken back', async () => {
		await shown();
		const panel = page.getByTestId('patient');
		await expect.element(panel).toHaveTextContent('It is not known whose image this is.');
		await panel.getByRole('button', { name: 'Enter the patient' }).click();
		await userEvent.fill(panel.getByLabelText('Name'), 'Amina Kato');
		await userEvent.fill(panel.getByLabelText('Number'), '0012');
		await userEvent.fill(panel.getByLabelText('Age in years'), '4');
		await panel.getByRole('button', { name: 'Keep' }).click();
		await expect.element(panel).toHaveTextContent(/Amina Kato \(typed in\)/);
		await expect.element(panel).toHaveTextContent(/4 years \(typed in\)/);
		await panel.getByRole('button', { name: 'Change' }).click();
		await panel.getByRole('button', { name: 'Take back what was typed' }).click();
		await expect.element(panel).toHaveTextContent('It is not known whose image this is.');
	});

	it('is only looked at where another tab works on the list', async () => {
		await shown({ readOnly: true });
		const panel = page.getByTestId('patient');
		await expect
			.element(panel.getByRole('button', { name: 'Enter the patient' }))
			.not.toBeInTheDocument();
		await expect
			.element(panel.getByRole('button', { name: 'Page for the record …' }))
			.toBeVisible();
	});
});

describe('a score that means nothing', () => {
	it.each(['unrecognised', 'outside'] as const)('is not shown: %s', async (category) => {
		await shown({ category });
		const dialog = page.getByRole('dialog');
		await expect.element(dialog).toHaveTextContent('No score is shown');
		await expect.element(dialog).not.toHaveTextContent('of 100');
	});
});
