# The one style of all figures. Fonts: Latin Modern Sans stands in the PDF, a common one elsewhere.
set encoding utf8
set key noautotitle

# The Playground's colours. In grey the orange is lighter than the blue; lines also differ in dash
# and points in shape, so that nothing depends on colour alone.
orange = "#f59322"
blue = "#0877bd"
ink = "#222222"
pale = "#69747a"
set palette defined (-1 orange, 0 "#e8eaeb", 1 blue)
set cbrange [-1:1]
unset colorbox

set border 3 linecolor rgb ink linewidth 0.8
set tics nomirror out scale 0.5 textcolor rgb ink
set grid ytics linecolor rgb "#dddddd" linewidth 0.6 dashtype solid
set style fill solid 0.25 noborder
