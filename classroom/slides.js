// MathJax measures what it typesets: it has to come before the slides that are not shown are hidden.
MathJax.startup.promise.then(() =>
  Reveal.initialize({
    controls: true,
    hash: true,
    height: 800,
    plugins: [RevealNotes],
    slideNumber: "c/t",
    transition: "none",
    width: 1280,
  }),
);
