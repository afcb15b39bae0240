// Tensors in .npy files

#include "npy.hpp"

#include "random.hpp"
#include "subject.hpp"
#include "testing.hpp"

#include <complex>

namespace handgrad::testing::of_npy {
namespace {

// A folder that is gone when the test ends
class Folder {
public:
    Folder() {
        auto name = (std::filesystem::temp_directory_path() / "handgrad-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    // The path of a file in it
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }

    // How many files are in it
    auto size() const { return std::distance(std::filesystem::directory_iterator(path_), {}); }

private:
    std::filesystem::path path_;
};

// A .npy file of version 1.0 with the given header and bytes behind it
std::string npy(std::string header, const std::string& numbers) {
    header += '\n';
    std::string file = "\x93NUMPY";
    for (auto byte : {std::size_t{1}, std::size_t{0}, header.size() % 256, header.size() / 256})
        file += static_cast<char>(byte);
    return file + header + numbers;
}

std::string header(const std::string& type, const std::string& order, const std::string& shape) {
    return "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

// The bytes of whole numbers as doubles
std::string doubles(const std::vector<double>& numbers) {
    return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(double)};
}

std::string written(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
}

// Reads `bytes` as a file of doubles
Tensor<double> read(const std::string& bytes) {
    const Folder folder;
    return read_npy<double>(written(folder / "z.npy", bytes));
}

// What is said of `bytes` as a file of doubles, without the folder's name
template <class E>
std::string refused(const std::string& bytes) {
    const Folder folder;
    const auto path = written(folder / "z.npy", bytes);
    auto message = message_of<E>([&] { read_npy<double>(path); });
    if (message.find(path) == 0)
        message.replace(0, path.size(), "z.npy");
    return message;
}

} // namespace

TEST_SUITE("npy") {
    TEST_CASE_TEMPLATE("what is written is read, to the bit", T, float, double, long double,
                       std::complex<float>, std::complex<double>) {
        const Folder folder;
        for (const Shape& shape : {Shape{2, 3, 4}, {5}, {1, 1}, {}, {2, 0}}) {
            const Tensor<T> tensor = tensor_cast<T>(tensor_cast<float>(quarters(shape, 1)));
            write_npy(folder / "z.npy", tensor);
            const auto back = read_npy<T>(folder / "z.npy");
            CHECK(shape_of(back) == shape);
            CHECK((back == tensor));
        }
        CHECK(folder.size() == 1);
    }

    TEST_CASE("NaN, −0 and infinity keep their bits") {
        const Folder folder;
        const Tensor<double> odd = {std::nan("7"), -0.0, INFINITY, 5e-324};
        write_npy(folder / "z.npy", odd);
        CHECK(same_bits(read_npy<double>(folder / "z.npy"), odd));
    }

    TEST_CASE("NumPy's headers are read") {
        CHECK(read(npy(header("<f8", "False", "(2, 3)"), doubles({1, 2, 3, 4, 5, 6}))) ==
              Tensor<double>{{1, 2, 3}, {4, 5, 6}});
        CHECK(read(npy(header("<f8", "False", "(2,)") + "       ", doubles({1, 2}))) ==
              Tensor<double>{1, 2});
        CHECK(read(npy(header("<f8", "False", "()"), doubles({7}))) == tensor({}, {7}));
        // A header of 128 bytes and more, whose length does not fit a signed byte
        CHECK(read(npy(header("<f8", "False", "(1,)") + std::string(100, ' '), doubles({7}))) ==
              tensor({1}, {7}));
    }

    TEST_CASE("Fortran's order, first index fastest, is turned into ours") {
        CHECK(read(npy(header("<f8", "True", "(2, 3)"), doubles({1, 4, 2, 5, 3, 6}))) ==
              Tensor<double>{{1, 2, 3}, {4, 5, 6}});
        CHECK(read(npy(header("<f8", "True", "(2, 1, 2)"), doubles({1, 3, 2, 4}))) ==
              Tensor<double>{{{1, 2}}, {{3, 4}}});
    }

    TEST_CASE("a file that cannot be opened is refused") {
        const Folder folder;
        CHECK(message_of<FileError>([&] { read_npy<double>(folder / "none.npy"); }) ==
              folder / "none.npy" + " cannot be read: No such file or directory");
        CHECK(message_of<FileError>([&] { read_npy<double>(folder / "."); }) ==
              folder / "." + " is a folder, it must be a .npy file");
    }

    TEST_CASE("a file that is no .npy file is refused") {
        for (const std::string& bytes :
             {std::string(), std::string("1 2 3\n"), std::string("\x93NUM")})
            CHECK(refused<FileError>(bytes) ==
                  "z.npy is not a .npy file: it does not begin with the bytes 93 N U M P Y");
        auto newer = npy(header("<f8", "False", "(1,)"), doubles({1}));
        newer[6] = 3;
        CHECK(refused<FileError>(newer) ==
              "z.npy is in version 3.0 of the .npy format, it must be in 1.0");
        for (const auto* text : {"", "{}", "{'descr': [('a', '<f8')], 'fortran_order': False, }"})
            CHECK(refused<FileError>(npy(text, doubles({1}))) ==
                  "z.npy has a header that does not give descr, fortran_order and shape, as "
                  "NumPy's do");
        for (const char filler : {' ', '1'})
            CHECK(refused<FileError>(npy(std::string(60000, filler), "")) ==
                  "z.npy has a header that does not give descr, fortran_order and shape, as "
                  "NumPy's do");
        for (const auto* shape : {"2.5,", "-1,", "a", "1 2", ",", "99999999999999999999"})
            CHECK(refused<FileError>(
                      npy(header("<f8", "False", "(" + std::string(shape) + ")"), doubles({1}))) ==
                  "z.npy has the shape (" + std::string(shape) +
                      "), it must be a tuple of whole numbers");
    }

    TEST_CASE("numbers of another type are refused by name") {
        for (const std::string type : {"<f4", ">f8", "<i8", "|b1", "<c16"})
            CHECK(refused<ValueError>(npy(header(type, "False", "(1,)"), doubles({1}))) ==
                  "z.npy holds numbers of type " + type + ", they must be of type <f8");
    }

    TEST_CASE("a file cut off at any byte is refused, and one byte more is, too") {
        const auto whole = npy(header("<f8", "False", "(2, 1)"), doubles({1, 2}));
        for (auto size : range(whole.size())) {
            CAPTURE(size);
            CHECK(refused<FileError>(whole.substr(0, size)).find("z.npy is ") == 0);
        }
        const auto head = whole.size() - 2 * sizeof(double);
        CHECK(refused<FileError>(whole.substr(0, 8)) ==
              "z.npy is truncated: it ends before its header");
        CHECK(refused<FileError>(whole.substr(0, head - 1)) ==
              "z.npy is truncated: it ends within its header");
        CHECK(refused<FileError>(whole.substr(0, head + 15)) ==
              "z.npy is truncated: 15 bytes follow its header, shape (2, 1) of type <f8 takes 16");
        CHECK(refused<FileError>(whole + '\0') ==
              "z.npy is too long: 17 bytes follow its header, shape (2, 1) of type <f8 takes 16");
    }

    TEST_CASE("a shape beyond all memory is refused before memory is asked for") {
        const std::string most = "18446744073709551615";
        CHECK(refused<FileError>(npy(header("<f8", "False", "(" + most + ", " + most + ")"), "")) ==
              "z.npy is truncated: 0 bytes follow its header, shape (" + most + ", " + most +
                  ") of type <f8 takes more");
    }

    TEST_CASE("a file that cannot be written is refused, and nothing is left behind") {
        const Folder folder;
        CHECK(message_of<FileError>([&] { write_npy(folder / "no/z.npy", tensor({1}, {1})); }) ==
              folder / "no/z.npy" + " cannot be written: No such file or directory");
        std::filesystem::create_directories(folder / "z.npy/inside");
        CHECK(message_of<FileError>([&] { write_npy(folder / "z.npy", tensor({1}, {1})); }) ==
              folder / "z.npy" + " cannot be written: Is a directory");
        CHECK(folder.size() == 1);
    }

    TEST_CASE("a disk that is full is noticed") {
        // The device /dev/full takes no byte; writing goes to a name beside it first
        const Folder folder;
        std::filesystem::create_symlink("/dev/full", folder / "z.npy.part");
        CHECK(message_of<FileError>([&] { write_npy(folder / "z.npy", tensor({1}, {1})); }) ==
              folder / "z.npy" + " cannot be written: No space left on device");
        CHECK(folder.size() == 0);
    }
}

} // namespace handgrad::testing::of_npy
