// Features that some promised browser lacks and that the built files name: what happens there,
// or why the name is another thing's. `npm run browsers` refuses what stands in neither list.

/** A feature that is used where it is there. */
export interface Guarded {
	/** What people call it. */
	feature: string;
	/** Paths in browser-compat-data. The first stands for all in the table of browsers. */
	paths: readonly [string, ...string[]];
	/** What happens where it is missing. */
	missing: string;
	/** The file that removes the feature and shows that the page works; null where none can. */
	test: string | null;
}

export const GUARDED: readonly Guarded[] = [
	{
		feature: 'WebGL 2',
		paths: ['api.WebGL2RenderingContext'],
		missing: 'the processor reads',
		test: 'tests/e2e/backends.spec.ts'
	},
	{
		feature: 'WebGPU',
		paths: [
			'api.Navigator.gpu',
			'api.WorkerNavigator.gpu',
			'api.GPUBuffer',
			'api.GPUTexture',
			'api.GPUAdapter.info',
			'api.GPUAdapterInfo.isFallbackAdapter',
			'api.GPUDevice.adapterInfo'
		],
		missing: 'WebGL is tried, then the processor',
		test: 'tests/e2e/backends.spec.ts'
	},
	{
		feature: 'SIMD in WebAssembly',
		paths: ['webassembly.fixed-width-SIMD'],
		missing: 'the page says so before the download; TensorFlow.js’s plain module reads, slowly',
		test: 'tests/e2e/no-simd.spec.ts'
	},
	{
		feature: 'Relaxed SIMD',
		paths: ['webassembly.relaxed-SIMD'],
		missing: 'the plain module of the int8 engine: the same scores, slower',
		test: 'tests/unit/engine/int8'
	},
	{
		feature: 'Memory shared by workers',
		paths: ['javascript.builtins.SharedArrayBuffer'],
		missing: 'each lane keeps the weights in memory of its own',
		test: 'tests/webkit/webkit.test.ts'
	},
	{
		feature: 'Storage that is not cleared',
		paths: ['api.StorageManager.persist'],
		missing: 'the page Sessions says so and offers a backup',
		test: null
	},
	{
		feature: 'Screen kept on while reading',
		paths: ['api.Navigator.wakeLock'],
		missing: 'the device may sleep; the list goes on afterwards',
		test: 'tests/unit/platform'
	},
	{
		feature: 'Keep a folder at hand after a reload',
		paths: [
			'api.Window.showDirectoryPicker',
			'api.DataTransferItem.getAsFileSystemHandle',
			'api.FileSystemHandle.queryPermission',
			'api.FileSystemHandle.requestPermission'
		],
		missing: 'a list that was interrupted asks for its folder again',
		test: null
	},
	{
		feature: 'Choose a folder, its subfolders included',
		paths: ['html.elements.input.webkitdirectory', 'api.File.webkitRelativePath'],
		missing: 'no button for it; several files are chosen at once, or a ZIP archive',
		test: 'tests/e2e/devices.spec.ts'
	},
	{
		feature: 'Drop a folder',
		paths: ['api.DataTransferItem.webkitGetAsEntry'],
		missing: 'the files are taken one by one',
		test: 'tests/unit/intake/entries.test.ts'
	},
	{
		feature: 'Open files with the installed program',
		paths: [
			'manifests.webapp.file_handlers',
			'manifests.webapp.launch_handler',
			'api.Window.launchQueue'
		],
		missing: 'files are dropped on the page or chosen',
		test: null
	},
	{
		feature: 'Receive files from the share menu',
		paths: ['manifests.webapp.share_target'],
		missing: 'files are chosen on the page',
		test: null
	},
	{
		feature: 'Give a file to another program',
		paths: ['api.Navigator.canShare', 'api.Navigator.canShare.data_files_parameter'],
		missing: 'no button offers it; the list is saved as a file',
		test: 'tests/unit/platform/share.test.ts'
	},
	{
		feature: 'Button to install',
		paths: ['api.Window.beforeinstallprompt_event'],
		missing: 'Help says where the browser’s own menu has it',
		test: null
	},
	{
		feature: 'Install',
		paths: [
			'manifests.webapp.display',
			'manifests.webapp.name',
			'manifests.webapp.short_name',
			'manifests.webapp.description',
			'manifests.webapp.id',
			'manifests.webapp.start_url',
			'manifests.webapp.scope',
			'manifests.webapp.background_color',
			'manifests.webapp.theme_color',
			'manifests.webapp.icons'
		],
		missing: 'a bookmark; the page works without a network all the same',
		test: null
	},
	{
		feature: 'Shortcuts of the installed program',
		paths: ['manifests.webapp.shortcuts'],
		missing: 'the pages are reached from the program itself',
		test: null
	},
	{
		feature: 'Notification when a list is done',
		paths: ['api.Notification', 'api.Notification.tag'],
		missing: 'the switch for it is not shown',
		test: null
	},
	{
		feature: 'AVIF pictures',
		paths: ['mediatypes.image.avif'],
		missing: 'the row says that this browser does not read them',
		test: null
	},
	{
		feature: 'HEIC pictures',
		paths: ['mediatypes.image.heif'],
		missing: 'the row says that this browser does not read them',
		test: null
	},
	{
		feature: 'Size of the memory',
		paths: ['api.Navigator.deviceMemory', 'api.WorkerNavigator.deviceMemory'],
		missing: '4 GB are taken for granted',
		test: 'tests/unit/engine/backends.test.ts'
	},
	{
		feature: 'Work while idle',
		paths: ['api.Window.requestIdleCallback'],
		missing: 'the neighbouring image is prepared after a moment instead',
		test: null
	},
	{
		feature: 'Room kept for a scroll bar',
		paths: ['css.properties.scrollbar-gutter'],
		missing: 'a scroll bar may narrow a page that becomes longer',
		test: null
	},
	{
		feature: 'Place of the page while its rows change',
		paths: ['css.properties.overflow-anchor'],
		missing: 'such browsers follow no row by themselves, so there is nothing to switch off',
		test: null
	},
	{
		feature: 'Colours of one’s own in forced colours',
		paths: ['css.properties.forced-color-adjust'],
		missing: 'Safari has no forced colours',
		test: null
	},
	{
		feature: 'Camera program of a phone',
		paths: ['html.elements.input.capture', 'api.HTMLInputElement.capture'],
		missing: 'the usual chooser of files opens',
		test: null
	},
	{
		feature: 'Camera in the page',
		paths: ['html.elements.video.playsinline'],
		missing: 'only iPhones fill the screen with a video; elsewhere it stays in the page',
		test: null
	},
	{
		feature: 'Way that a mouse moved',
		paths: ['api.MouseEvent.movementX', 'api.MouseEvent.movementY'],
		missing: 'each event of a mouse counts as a movement, on Android alone',
		test: null
	},
	{
		feature: 'Thin scroll bars',
		paths: ['css.properties.scrollbar-width'],
		missing: 'scroll bars of the usual width',
		test: null
	},
	{
		feature: 'Shape of the mouse pointer',
		paths: [
			'css.properties.cursor.pointer',
			'css.properties.cursor.default',
			'css.properties.cursor.grab',
			'css.properties.cursor.grabbing',
			'css.properties.cursor.ns-resize',
			'css.properties.cursor.move',
			'css.properties.cursor.crosshair'
		],
		missing: 'on devices without a mouse there is none',
		test: null
	},
	{
		feature: 'Corner to resize a field of text',
		paths: ['css.properties.resize'],
		missing: 'the field keeps its size and scrolls',
		test: null
	},
	{
		feature: 'Names without capitals',
		paths: ['html.global_attributes.autocapitalize'],
		missing: 'only keyboards on a screen write capitals by themselves',
		test: null
	},
	{
		feature: 'Direction of a script',
		paths: ['javascript.builtins.Intl.Locale.getTextInfo'],
		missing: 'Paraglide takes it from its own list',
		test: null
	},
	{
		feature: 'Stack of an error',
		paths: ['javascript.builtins.Error.captureStackTrace'],
		missing: 'libjpeg-turbo leaves it out',
		test: null
	},
	{
		feature: 'Saving data',
		paths: ['api.Navigator.connection', 'api.WorkerNavigator.connection'],
		missing: 'SvelteKit preloads the pages',
		test: null
	},
	{
		feature: 'Trusted types',
		paths: ['api.trustedTypes'],
		missing: 'Svelte sets markup without',
		test: null
	},
	{
		feature: 'Focus without its outline',
		paths: ['api.HTMLElement.focus.options_focusVisible_parameter'],
		missing: 'SvelteKit’s focus after a change of page may be outlined',
		test: null
	},
	{
		feature: 'Immediate turns',
		paths: ['api.Window.setImmediate'],
		missing: 'TensorFlow.js takes animation frames',
		test: null
	},
	{
		feature: 'Asynchronous disposal',
		paths: ['javascript.builtins.Symbol.asyncDispose'],
		missing: 'zip.js makes a symbol of its own',
		test: null
	}
];

/** Names that are found, but are those of other things. */
export const OTHER_THINGS: readonly { why: string; paths: readonly string[] }[] = [
	{
		why: 'no sound, no video, no game pad, no sensor and no SVG text along a path is asked for',
		paths: [
			'api.AudioNode.disconnect.input_parameter',
			'api.GamepadHapticActuator.effects',
			'api.MediaSource.handle',
			'api.SVGTextPathElement.side',
			'api.ScreenOrientation.lock',
			'api.ScreenOrientation.unlock',
			'api.VideoFrame.copyTo.format_property',
			'api.VideoFrame.rotation',
			'api.WheelEvent.momentum',
			'api.CompositionEvent.locale'
		]
	},
	{
		why: 'fields of records, models and files that happen to have this name',
		paths: [
			'api.Blob.bytes',
			'api.Request.bytes',
			'api.Response.bytes',
			'api.PushMessageData.bytes',
			'api.EventTarget.when',
			'api.FileSystemEntry.copyTo',
			'api.FontFace.variant',
			'api.GamepadButton.touched',
			'api.HTMLButtonElement.command',
			'api.HTMLInputElement.colorSpace',
			'api.ImageData.colorSpace',
			'api.IDBIndex.locale',
			'api.IntersectionObserver.delay',
			'javascript.builtins.Error.Error.fileName_parameter',
			'api.NavigationTransition.to',
			'api.Navigator.install',
			'api.Navigator.share',
			'api.Navigator.share.data_files_parameter',
			'api.Notification.actions',
			'api.Notification.image',
			'api.ServiceWorkerRegistration.sync'
		]
	},
	{
		why: 'TensorFlow.js’s words for its own shaders and layers',
		paths: [
			'api.HTMLLinkElement.blocking',
			'api.HTMLScriptElement.blocking',
			'api.HTMLStyleElement.blocking'
		]
	},
	{
		why: 'methods of the engine and of its queue, not of iterators',
		paths: ['javascript.builtins.Iterator.drop', 'javascript.builtins.Iterator.take']
	},
	{
		why: 'options of calls that are made without them',
		paths: [
			'api.CompressionStream.CompressionStream.brotli',
			'api.CompressionStream.CompressionStream.zstd',
			'api.DecompressionStream.DecompressionStream.brotli',
			'api.DecompressionStream.DecompressionStream.zstd',
			'api.Document.createElement.options_parameter.options_is_parameter',
			'api.Document.createElementNS.options_parameter.options_is_parameter',
			'api.GPUTexture.createView.descriptor_usage_parameter',
			'api.ImageData.ImageData.settings_parameter',
			'api.Notification.Notification.options_parameter.navigate',
			'api.ReadableStreamBYOBReader.read.options_min_parameter',
			'api.ServiceWorkerRegistration.showNotification.options_actions_parameter',
			'api.ServiceWorkerRegistration.showNotification.options_data_parameter',
			'api.ServiceWorkerRegistration.showNotification.options_image_parameter',
			'api.TransformStream.TransformStream.transformer_cancel'
		]
	}
];
