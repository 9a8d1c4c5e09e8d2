// `/auto` and the preload of a production build: nothing happens.

export {};
