import { describe, expect, it } from 'vitest';
import { Clinic, MAX_STEP_CHARS, stepOf } from '../../../src/lib/app/clinic.svelte';

function settings(kept: Record<string, string> = {}) {
	return {
		kept,
		read: (name: string) => Promise.resolve<string | undefined>(kept[name]),
		write: (name: string, value: string) => {
			kept[name] = value;
			return Promise.resolve();
		}
	};
}

const STEPS = { likely: 'To the doctor today', uncertain: '', 'not-seen': '', 'no-score': '' };

describe('the clinic', () => {
	it('finds its name and its next steps again, of each task its own', async () => {
		const device = settings();
		new Clinic(device).use(' Kisumu East ', 'chest-xray-pneumonia', STEPS);
		const again = new Clinic(device);
		await again.start();
		expect(again.name).toBe('Kisumu East');
		expect(again.stepsOf('chest-xray-pneumonia').likely).toBe('To the doctor today');
		expect(again.stepsOf('malaria-cell').likely).toBe('');
	});

	it('keeps steps short enough for a page', () => {
		const clinic = new Clinic(settings());
		clinic.use('', 'malaria-cell', { ...STEPS, uncertain: 'x'.repeat(5000) });
		expect(clinic.stepsOf('malaria-cell').uncertain).toHaveLength(MAX_STEP_CHARS);
	});

	it('begins anew where what was kept is damaged', async () => {
		for (const damaged of ['{', '{"name":7}', 'null']) {
			const clinic = new Clinic(settings({ clinic: damaged }));
			await clinic.start();
			expect(clinic.name).toBe('');
		}
	});

	it('has one next step for all images without a score that means something', () => {
		expect([null, 'unrecognised', 'outside'].map((one) => stepOf(one as never))).toEqual(
			Array(3).fill('no-score')
		);
		expect(stepOf('uncertain')).toBe('uncertain');
	});
});
