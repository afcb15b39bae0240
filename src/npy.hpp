#pragma once

/// @file
/// Tensors in NumPy's .npy files.

#include "tensor.hpp"

#if __has_include(<xtensor/io/xnpy.hpp>)
#include <xtensor/io/xnpy.hpp>
#else
#include <xtensor/xnpy.hpp>
#endif

#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <regex>
#include <sstream>
#include <system_error>
#include <type_traits>

namespace handgrad {

namespace detail {

/// What a .npy file says of itself before its numbers begin.
struct NpyHeader {
    std::string type;   ///< such as "<f4": little-endian float of 4 bytes
    Shape shape;        ///< of the tensor
    bool fortran_order; ///< does the first index run fastest?
    std::size_t bytes;  ///< how much of the file it takes
};

/// What the numbers of a tensor of `T` are called in a .npy file, such as "<f4".
template <class T>
std::string npy_type() {
    const char order = std::endian::native == std::endian::little ? '<' : '>';
    return fmt::format("{}{}{}", order, std::is_floating_point_v<T> ? 'f' : 'c', sizeof(T));
}

/// The bytes of a file.
/// @throws FileError if it cannot be read
inline std::string file_bytes(const std::string& path) {
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

/// The whole numbers in a tuple such as "2, 3, 8" or "4,", or nothing where it holds another thing.
inline std::optional<Shape> npy_shape(std::string_view tuple) {
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

/// Reads what stands before the numbers: "\x93NUMPY", the version 1.0, the header's length in two
/// bytes, and the header, a Python dictionary as NumPy prints it.
/// @throws FileError if `bytes` does not begin so
inline NpyHeader npy_header(const std::string& path, const std::string& bytes) {
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

/// How many bytes the entries of a tensor take, `size` bytes each, or nothing where that is more
/// than 64 bits can count.
inline std::optional<std::size_t> bytes_of(const Shape& shape, std::size_t size) {
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

/// The same entries where `tensor` holds them with the first index running fastest.
template <class T>
Tensor<T> from_fortran_order(const Tensor<T>& tensor) {
    const auto shape = shape_of(tensor);
    auto ordered = zeros<T>(shape);
    for (auto position : range(tensor.size())) {
        // Count with the first index fastest
        auto index = index_at(Shape(shape.rbegin(), shape.rend()), position);
        std::reverse(index.begin(), index.end());
        ordered.element(index.begin(), index.end()) = tensor.flat(position);
    }
    return ordered;
}

} // namespace detail

/// Reads a .npy file, in C or in Fortran order.
/// @tparam T float, double, long double or a complex number of one of them
/// @throws FileError if the file cannot be read, is not a .npy file or is not whole
/// @throws ValueError if it holds numbers of another type than T
template <class T>
Tensor<T> read_npy(const std::string& path) {
    const std::string bytes = detail::file_bytes(path);
    const auto header = detail::npy_header(path, bytes);
    if (header.type != detail::npy_type<T>())
        throw ValueError(fmt::format("{} holds numbers of type {}, they must be of type {}", path,
                                     header.type, detail::npy_type<T>()));

    // The file must hold the entries that the shape promises, and nothing more
    const auto held = bytes.size() - header.bytes;
    const auto promised = detail::bytes_of(header.shape, sizeof(T));
    if (promised != held)
        throw FileError(fmt::format("{} is {}: {} bytes follow its header, shape {} of type {} "
                                    "takes {}",
                                    path, promised && *promised < held ? "too long" : "truncated",
                                    held, text(header.shape), header.type,
                                    promised ? fmt::format("{}", *promised) : "more"));

    auto tensor = zeros<T>(header.shape);
    if (held > 0) // memcpy takes no null pointer, which is what an empty tensor has
        std::memcpy(tensor.data(), bytes.data() + header.bytes, held);
    return header.fortran_order ? detail::from_fortran_order(tensor) : tensor;
}

/// Writes `tensor` as a .npy file, whole or not at all: under a temporary name first, which is
/// then renamed.
/// @throws FileError if the file cannot be written; a file that was there before stays as it was
template <class T>
void write_npy(const std::string& path, const Tensor<T>& tensor) {
    const std::string temporary = path + ".part";
    const auto refuse = [&](const std::string& why) {
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        throw FileError(fmt::format("{} cannot be written: {}", path, why));
    };
    std::ofstream file(temporary, std::ios::binary);
    if (!file)
        refuse(std::generic_category().message(errno));
    file << xt::dump_npy(tensor);
    file.close();
    if (!file)
        refuse(std::generic_category().message(errno));
    std::error_code error;
    std::filesystem::rename(temporary, path, error);
    if (error)
        refuse(error.message());
}

} // namespace handgrad
