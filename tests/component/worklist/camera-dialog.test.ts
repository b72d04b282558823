/** A live camera: asked for, chosen, watched for sharpness, and let go of. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import CameraDialog from '../../../src/lib/components/worklist/CameraDialog.svelte';
import type { Entry } from '../../../src/lib/intake/entries';
import { soon } from '../../helpers/soon';

/** What the camera sees: stripes, sharp or blurred. */
let scene: HTMLCanvasElement;
let tracks: MediaStreamTrack[];
let timer: ReturnType<typeof setInterval>;
let blur: number;

beforeEach(() => {
	scene = document.createElement('canvas');
	[scene.width, scene.height] = [640, 480];
	blur = 0;
	tracks = [];
	const context = scene.getContext('2d')!;
	timer = setInterval(() => {
		context.filter = blur > 0 ? `blur(${blur}px)` : 'none';
		context.fillStyle = '#ffffff';
		context.fillRect(0, 0, 640, 480);
		context.fillStyle = '#406080';
		for (let x = 0; x < 640; x += 20) context.fillRect(x, 0, 10, 480);
	}, 50);
	vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockImplementation(() => {
		const stream = scene.captureStream(20);
		tracks.push(...stream.getTracks());
		return Promise.resolve(stream);
	});
	const device = (deviceId: string, label: string) =>
		({ deviceId, label, kind: 'videoinput' }) as MediaDeviceInfo;
	vi.spyOn(navigator.mediaDevices, 'enumerateDevices').mockResolvedValue([
		device('a', 'Eyepiece'),
		device('b', '')
	]);
});
afterEach(() => {
	clearInterval(timer);
	vi.restoreAllMocks();
});

const take = page.getByRole('button', { name: 'Take this field' });
const sharpness = page.getByTestId('sharpness');

async function shown() {
	const onTaken = vi.fn<(entry: Entry) => void>();
	const onClose = vi.fn();
	await render(CameraDialog, { isField: true, onTaken, onClose });
	return { onTaken, onClose };
}

it('each field that is taken goes on to be read, all of a sitting in one folder', async () => {
	const { onTaken, onClose } = await shown();
	await expect.element(take).toBeEnabled();
	await take.click();
	await take.click();
	await soon(() => expect(onTaken).toHaveBeenCalledTimes(2));
	const entries = onTaken.mock.calls.map(([entry]) => entry);
	expect(entries.map(({ path }) => path.split('/')[1])).toEqual(['001.jpg', '002.jpg']);
	expect(new Set(entries.map(({ path }) => path.split('/')[0])).size).toBe(1);
	const picture = await createImageBitmap(await entries[0].open());
	expect([picture.width, picture.height]).toEqual([640, 480]);
	await expect.element(page.getByText('2 taken.')).toBeVisible();
	await page.getByRole('button', { name: 'Done' }).click();
	await soon(() => expect(onClose).toHaveBeenCalledOnce());
});

it('says before that whether it is as sharp as it was', async () => {
	await shown();
	await expect.element(sharpness).toHaveTextContent('Sharp');
	blur = 6;
	await expect.element(sharpness).toHaveTextContent('focus');
	blur = 0;
	await expect.element(sharpness).toHaveTextContent('Sharp');
});

it('another camera can be chosen, and the first is let go of', async () => {
	await shown();
	const chooser = page.getByRole('combobox', { name: 'Which camera' });
	await expect.element(chooser).toBeVisible();
	expect([...chooser.element().querySelectorAll('option')].map((one) => one.textContent)).toEqual([
		'Eyepiece',
		'Camera 2'
	]);
	await chooser.selectOptions('b');
	await soon(() =>
		expect(navigator.mediaDevices.getUserMedia).toHaveBeenLastCalledWith(
			expect.objectContaining({ video: expect.objectContaining({ deviceId: { exact: 'b' } }) })
		)
	);
	expect(tracks[0].readyState).toBe('ended');
	await expect.element(take).toBeEnabled();
});

it('says what to do where the browser refuses, and asks again', async () => {
	vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValueOnce(
		new DOMException('no', 'NotAllowedError')
	);
	await shown();
	await expect.element(page.getByRole('alert')).toHaveTextContent('Allow it');
	await expect.element(take).toBeDisabled();
	await page.getByRole('button', { name: 'Try again' }).click();
	await expect.element(take).toBeEnabled();
});
