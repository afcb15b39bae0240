#pragma once

/// @file
/// The drawing vocabulary of the book's pictures: grids of numbers, windows laid on them, arrows,
/// formulas, curves and bars, in one style. A picture is an SVG of 700 px width.
///
/// Colour says which quantity is drawn, the same on every page: z and dz blue on square cells,
/// weight, dweight and bias amber on rounded cells, y and dy green on the darkest cells. Magenta
/// is the gradient: a frame around dy, dz and dweight, and the arrows along which it flows.

#include "tensor.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace handgrad::pictures {

constexpr double page_width = 700; ///< px, as wide as the text column of the book

/// A position in px, y downwards.
struct Point {
    double x; ///< px from the left edge
    double y; ///< px from the top edge
};

/// A rectangle in px.
struct Box {
    double x;      ///< its left edge
    double y;      ///< its top edge
    double width;  ///< px
    double height; ///< px

    Point centre() const { return {x + width / 2, y + height / 2}; } ///< its middle
    Point top() const { return {x + width / 2, y}; }                 ///< middle of the top edge
    Point bottom() const { return {x + width / 2, y + height}; }     ///< of the bottom edge
    Box grown(double by) const {                                     ///< larger on every side
        return {x - by, y - by, width + 2 * by, height + 2 * by};
    }
};

/// What a mark stands for; each has its colours.
enum class Role { Z, Weight, Y, Gradient, Plain, Muted };

/// Where a run of text stands against the line.
enum class Script { None, Sub, Super };

/// A piece of text in one colour.
struct Run {
    std::string text;             ///< UTF-8
    Role role = Role::Plain;      ///< its colour
    Script script = Script::None; ///< smaller and lower or higher
};

/// A line of text made of runs, such as a formula.
using Line = std::vector<Run>;

/// Joins lines end to end.
Line operator+(Line left, const Line& right);

/// A number as a person writes it: at most three decimals, no trailing zeros, a true minus.
std::string number(double value);

/// A number as a factor in a product: a negative one stands in brackets.
std::string factor(double value);

/// How a line of text is set.
struct TextStyle {
    double size = 17;              ///< px
    bool bold = false;             ///< for names
    const char* anchor = "middle"; ///< what of it stands at the point: start, middle or end
};

/// How a grid is drawn.
struct GridStyle {
    Role role;             ///< which quantity it holds
    std::string name;      ///< its heading, such as "z"; without a name its cells have none either
    double cell = 52;      ///< px along each side of a cell
    bool gradient = false; ///< framed in the gradient's colour
    bool indices = true;   ///< row and column numbers along the edges
    bool vector = false;   ///< a matrix of one row or one column whose entries have one index
    bool heading = true;   ///< the name stands above it
    double number = 20;    ///< px, the size of the entries
    std::vector<std::array<std::size_t, 2>> strong = {}; ///< cells filled in the full colour
};

/// A grid that has been drawn: where its cells are.
struct Grid {
    Box box;     ///< all cells
    double cell; ///< px along each side of a cell

    /// The cell in `row` and `column`, or the rectangle of `rows` × `columns` cells from there on.
    Box at(std::size_t row, std::size_t column, std::size_t rows = 1,
           std::size_t columns = 1) const;
};

/// The plane of a curve: data coordinates on a box, x to the right and y upwards.
struct Axes {
    Box box;                    ///< px
    Point smallest;             ///< x and y at the lower left corner, in data coordinates
    Point largest;              ///< x and y at the upper right corner, in data coordinates
    Point at(Point data) const; ///< in px
};

/// One picture, drawn from back to front.
class Picture {
public:
    /// @param name file name without ".svg"
    /// @param title what the picture shows, for who cannot see it
    /// @param description the same in a sentence or two
    /// @param height px
    Picture(std::string name, std::string title, std::string description, double height);

    /// A line of text whose middle stands at the height of `at`.
    void text(Point at, const Line& line, TextStyle style = {});

    /// A two-dimensional tensor, its name above it.
    Grid grid(Point corner, const Tensor<double>& matrix, const GridStyle& style);

    /// One cell with a number in it; `entry` names it, such as "y(0,1)"; a strong one stands out.
    void cell(Box box, double value, const GridStyle& style, const std::string& entry = "",
              bool strong = false);

    /// A thick outline around `box`, such as a window on a grid.
    void outline(Box box, Role role);

    /// A small factor in the lower right corner of a cell: what the cell is multiplied with.
    void chip(Box cell, double value, Role role);

    /// A circle with a line of text in it.
    void node(Point centre, double radius, Role role, const Line& line);

    /// A straight arrow.
    void arrow(Point from, Point to, Role role = Role::Gradient);

    /// An arrow along a cubic Bézier curve that leaves towards `leave` and arrives from `arrive`.
    void arrow(Point from, Point leave, Point arrive, Point to, Role role = Role::Gradient);

    /// A plain line.
    void line(Point from, Point to, Role role = Role::Muted, double width = 1);

    /// Both axes with ticks at `x_ticks` and `y_ticks`; they cross at (0, 0).
    void axes(const Axes& axes, const std::vector<double>& x_ticks,
              const std::vector<double>& y_ticks, const Line& x_name);

    /// A line through points in px.
    void curve(const std::vector<Point>& points, Role role, bool dashed = false);

    /// A dot, filled or open.
    void dot(Point at, Role role, bool open = false);

    /// A filled rectangle without outline, such as a shaded region.
    void shade(Box box, Role role);

    /// A bar from `zero` upwards (or downwards, where `height` is negative), in px.
    void bar(Point zero, double width, double height, Role role);

    const std::string& name() const { return name_; } ///< file name without ".svg"
    std::string svg() const;                          ///< the file's text

private:
    std::string name_;
    std::string title_;
    std::string description_;
    double height_;
    std::string body_;

    void rectangle(Box box, const std::string& fill, const std::string& stroke, double width,
                   double radius);
};

/// The left edges of items of the given widths, side by side and centred on the page with `gap`
/// between them.
std::vector<double> side_by_side(const std::vector<double>& widths, double gap);

/// The first image (sample 0, channel 0) of a tensor (N, C, H, W) as a matrix (H, W).
Tensor<double> image(const Tensor<double>& images);

/// A matrix of `rows` rows with the entries of `tensor` in row-major order.
Tensor<double> matrix(const Tensor<double>& tensor, std::size_t rows);

} // namespace handgrad::pictures
