"""An archive to publish: static pages of episodes, with search in the browser."""
