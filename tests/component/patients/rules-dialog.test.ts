/** A person marks in one file name what is number and what is date; the others follow. */
import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import PatientRulesDialog from '../../../src/lib/components/patients/PatientRulesDialog.svelte';
import { NO_RULES, patientsBy, type PatientRules } from '../../../src/lib/patients/rules';

const imageAt = (path: string) => ({ path, facts: null, typed: null });
const IMAGES = [
	imageAt('ward/AK0012_20261102_front.jpg'),
	imageAt('ward/BM7_20261015.jpg'),
	imageAt('ward/IMG.jpg')
];

async function shown() {
	const onUse = vi.fn<(rules: PatientRules) => void>();
	await render(PatientRulesDialog, {
		images: IMAGES,
		rules: NO_RULES,
		onUse,
		onClose: () => undefined
	});
	return onUse;
}

describe('the rules for patients', () => {
	it('are made by example: a preview shows what they give for the other files', async () => {
		const onUse = await shown();
		await expect
			.element(page.getByTestId('patients-found'))
			.toHaveTextContent('0 of 3 images have a patient.');
		await page.getByLabelText('The file names tell the patient').click();
		// What looks like a number or a date is proposed.
		await expect.element(page.getByLabelText('What “AK0012” is')).toHaveValue('number');
		await expect.element(page.getByLabelText('What “20261102” is')).toHaveValue('date');
		await expect
			.element(page.getByTestId('patients-found'))
			.toHaveTextContent('2 of 3 images have a patient.');
		const lines = page.getByRole('listitem');
		await expect.element(lines.nth(1)).toHaveTextContent(/number .BM7.*15 October 2026/);
		await expect.element(lines.nth(2)).toHaveTextContent('no patient');
		await page.getByRole('button', { name: 'Use this' }).click();
		const [rules] = onUse.mock.lastCall!;
		// Kept without the name that it was made of.
		expect(JSON.stringify(rules)).not.toContain('0012');
		expect(IMAGES.map(patientsBy(rules))).toMatchObject([
			{ number: 'AK0012', date: '2026-11-02' },
			{ number: 'BM7', date: '2026-10-15' },
			{ key: null }
		]);
	});

	it('follow when a part of the example is something else', async () => {
		const onUse = await shown();
		await page.getByLabelText('The file names tell the patient').click();
		await userEvent.selectOptions(page.getByLabelText('What “AK0012” is'), 'something else');
		await expect
			.element(page.getByTestId('patients-found'))
			.toHaveTextContent('0 of 3 images have a patient.');
		await page.getByLabelText('Each folder holds the images of one patient').click();
		await expect
			.element(page.getByTestId('patients-found'))
			.toHaveTextContent('3 of 3 images have a patient.');
		await page.getByRole('button', { name: 'Use this' }).click();
		expect(onUse.mock.lastCall?.[0]).toMatchObject({ folders: true });
	});
});
