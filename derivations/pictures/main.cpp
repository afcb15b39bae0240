// Draws every picture of the book into a folder.

#include "pages.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>

namespace {

namespace fs = std::filesystem;
using handgrad::pictures::Picture;

// Removes what it names unless it has been renamed by then
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

Draft write_draft(const fs::path& folder, const Picture& picture) {
    Draft draft(folder / (picture.name() + ".svg.draft"));
    std::ofstream file(draft.path, std::ios::binary);
    file << picture.svg() << std::flush;
    if (!file)
        throw handgrad::FileError(fmt::format(
            "pictures: cannot write {}; the folder must be one that you may write to and have "
            "room",
            draft.path.string()));
    return draft;
}

// Either all pictures arrive or none
void write_all(const fs::path& folder) {
    if (!fs::is_directory(folder))
        throw handgrad::FileError(fmt::format(
            "pictures: the output folder \"{}\" is not a folder, it must be one that exists",
            folder.string()));
    const auto pictures = handgrad::pictures::all_pictures();
    std::vector<Draft> drafts;
    for (const Picture& picture : pictures)
        drafts.push_back(write_draft(folder, picture));
    for (const Draft& draft : drafts)
        fs::rename(draft.path, fs::path(draft.path).replace_extension());
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 2)
            throw handgrad::ValueError(fmt::format(
                "pictures: there are {} arguments, there must be one: the output folder",
                argc - 1));
        write_all(argv[1]);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
