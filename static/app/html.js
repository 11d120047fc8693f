// html.js: Preact, its hooks and htm under one roof.
export { html, render, useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback, Component } from '../vendor/preact.js';
