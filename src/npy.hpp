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
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
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
std::string file_bytes(const std::string& path);

/// Reads what stands before the numbers: "\x93NUMPY", the version 1.0, the header's length in two
/// bytes, and the header, a Python dictionary as NumPy prints it.
/// @throws FileError if `bytes` does not begin so
NpyHeader npy_header(const std::string& path, const std::string& bytes);

/// How many bytes the entries of a tensor take, `size` bytes each, or nothing where that is more
/// than 64 bits can count.
std::optional<std::size_t> bytes_of(const Shape& shape, std::size_t size);

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
