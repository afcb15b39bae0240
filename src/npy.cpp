#include "npy.hpp"

#include <charconv>
#include <limits>
#include <regex>
#include <sstream>

namespace handgrad::detail {

namespace {

// The whole numbers in a tuple such as "2, 3, 8" or "4,", or nothing where it holds another thing.
std::optional<Shape> npy_shape(std::string_view tuple) {
    Shape shape;
    while (!tuple.empty()) {
        const auto comma = std::min(tuple.find(','), tuple.size());
        std::size_t extent = 0;
        const auto [end, error] = std::from_chars(tuple.data(), tuple.data() + comma, extent);
        if (error != std::errc() || end != tuple.data() + comma)
            return {};
        shape.push_back(extent);
        tuple.remove_prefix(std::min(comma + 1, tuple.size()));
        tuple.remove_prefix(std::min(tuple.find_first_not_of(' '), tuple.size()));
    }
    return shape;
}

} // namespace

std::string file_bytes(const std::string& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        throw FileError(fmt::format("{} is a folder, it must be a .npy file", path));
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw FileError(
            fmt::format("{} cannot be read: {}", path, std::generic_category().message(errno)));
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

NpyHeader npy_header(const std::string& path, const std::string& bytes) {
    const auto refuse = [&](const std::string& why) {
        throw FileError(fmt::format("{} {}", path, why));
    };
    constexpr std::size_t fixed = 10;
    if (bytes.substr(0, 6) != "\x93NUMPY")
        refuse("is not a .npy file: it does not begin with the bytes 93 N U M P Y");
    if (bytes.size() < fixed)
        refuse("is truncated: it ends before its header");
    const auto byte = [&](std::size_t position) {
        return static_cast<std::size_t>(static_cast<unsigned char>(bytes[position]));
    };
    if (byte(6) != 1 || byte(7) != 0)
        refuse(fmt::format("is in version {}.{} of the .npy format, it must be in 1.0", byte(6),
                           byte(7)));
    const auto length = byte(8) + 256 * byte(9);
    if (bytes.size() < fixed + length)
        refuse("is truncated: it ends within its header");

    // Drop the blanks that fill the header up; std::regex recurses over every character, so what is
    // far longer than any shape needs is not given to it
    std::string header = bytes.substr(fixed, length);
    header.erase(header.find_last_not_of(" \n") + 1);
    constexpr std::size_t longest = 1000;
    static const std::regex dictionary(R"(\{'descr': '([^']*)', 'fortran_order': (True|False), )"
                                       R"('shape': \(([^)]*)\),? ?\})");
    std::smatch match;
    if (header.size() > longest || !std::regex_match(header, match, dictionary))
        refuse("has a header that does not give descr, fortran_order and shape, as NumPy's do");
    const auto shape = npy_shape(match[3].str());
    if (!shape)
        refuse(
            fmt::format("has the shape ({}), it must be a tuple of whole numbers", match[3].str()));
    return {match[1], *shape, match[2] == "True", fixed + length};
}

std::optional<std::size_t> bytes_of(const Shape& shape, std::size_t size) {
    if (std::find(shape.begin(), shape.end(), 0u) != shape.end())
        return 0;
    std::size_t bytes = size;
    for (auto extent : shape) {
        if (bytes > std::numeric_limits<std::size_t>::max() / extent)
            return {};
        bytes *= extent;
    }
    return bytes;
}

} // namespace handgrad::detail
