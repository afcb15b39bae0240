MathJax.Hub.Config({
    // A menu and a progress message are no part of a book
    showMathMenu: false,
    messageStyle: "none",
    // The letters of formulas as tall as those of the text around them
    SVG: { font: "TeX", matchFontHeight: true, scale: 92, linebreaks: { automatic: false } }
});
