#pragma once

/// @file
/// What handgrad throws. Every message is one sentence that names the argument, says what it was
/// and says what it may be.

#include <stdexcept>
#include <string>

namespace handgrad {

/// The base of every error that handgrad throws on purpose; the command line turns it into a
/// sentence and exit code 2.
class Error : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Tensors whose shapes do not fit together, or a tensor with nothing in it.
class ShapeError : public Error {
    using Error::Error;
};

/// A number that is not allowed where it stands: a stride of 0, a weight that is not finite.
class ValueError : public Error {
    using Error::Error;
};

/// A call out of turn: `backward(dy)` on a layer that has seen no `forward(z)`.
class OrderError : public Error {
    using Error::Error;
};

/// A name that nothing answers to: an unknown layer, parameter or option.
class NameError : public Error {
    using Error::Error;
};

/// A file or folder that cannot be read or written.
class FileError : public Error {
    using Error::Error;
};

} // namespace handgrad
