// Draws every picture of the book into a folder.

#include "pages.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

namespace {

namespace fs = std::filesystem;
using handgrad::pictures::Picture;

// A file on its way: it is removed unless it has been renamed by then
struct Draft {
    fs::path path;
    explicit Draft(fs::path path) : path(std::move(path)) {}
    Draft(Draft&& other) noexcept : path(std::exchange(other.path, {})) {}
    ~Draft() {
        std::error_code ignored;
        if (!path.empty())
            fs::remove(path, ignored);
    }
};

[[noreturn]] void refuse(const fs::path& path) {
    throw handgrad::FileError(fmt::format(
        "pictures: cannot write {}, the output folder must be one with room that you may write to",
        path.string()));
}

Draft write_draft(const fs::path& folder, const Picture& picture) {
    const auto name = picture.name() + ".svg", draft_name = name + ".draft";
    if (fs::is_directory(folder / name))
        refuse(folder / name);
    std::ofstream file(folder / draft_name, std::ios::binary);
    if (!file)
        refuse(folder / draft_name);
    Draft draft(folder / draft_name);
    file << picture.svg() << std::flush;
    if (!file)
        refuse(draft.path);
    return draft;
}

// Writes all pictures or none
void write_all(const fs::path& folder) {
    if (!fs::is_directory(folder))
        throw handgrad::FileError(fmt::format(
            "pictures: the output folder \"{}\" is not a folder, it must be one that exists",
            folder.string()));
    std::vector<Draft> drafts;
    for (const Picture& picture : handgrad::pictures::all_pictures())
        drafts.push_back(write_draft(folder, picture));
    for (const Draft& draft : drafts)
        fs::rename(draft.path, fs::path(draft.path).replace_extension());
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 2)
            throw handgrad::ValueError(fmt::format(
                "pictures: {} arguments were given, there must be one: the output folder",
                argc - 1));
        write_all(argv[1]);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
