#include "engine/formats/image_folder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include "engine/formats/set_file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

bool hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

Error unreadable_folder(const std::string& file, const std::error_code& error) {
  return {ErrorCode::kUnreadable, "the folder “" + file + "” cannot be read: " + error.message(), "check that you may read it", {}};
}

class FolderScan {
 public:
  explicit FolderScan(const fs::path& root) : root_(root) {
    std::error_code error;
    fs::directory_iterator at(root, error), end;
    if (error) throw Failure(unreadable_folder(root.string(), error));
    for (; !error && at != end; at.increment(error)) {
      std::error_code ignored;
      if (hidden(at->path())) continue;
      if (fs::is_directory(at->path(), ignored)) {
        scan_class(at->path());
      } else if (has_image_name(at->path())) {
        loose_.push_back(at->path());
      } else if (at->path().filename() != kSetFileName) {
        other_files.push_back(relative(at->path()));
      }
    }
    add_loose_files();
  }

  std::vector<ImagePath> candidates;
  std::vector<UnreadableFile> unreadable;
  std::vector<std::string> other_files;
  bool flat() const { return loose_only_; }

 private:
  std::string relative(const fs::path& path) const { return path.lexically_relative(root_).generic_string(); }

  void scan_class(const fs::path& folder) {
    std::error_code error;
    fs::recursive_directory_iterator at(folder, error), end;
    for (; !error && at != end; at.increment(error)) {
      std::error_code ignored;
      if (hidden(at->path())) {
        at.disable_recursion_pending();
      } else if (!at->is_directory(ignored)) {
        if (has_image_name(at->path()))
          candidates.push_back({at->path(), relative(at->path()), folder.filename().string()});
        else
          other_files.push_back(relative(at->path()));
      }
    }
    if (error) unreadable.push_back({relative(folder), unreadable_folder(relative(folder), error)});
  }

  void add_loose_files() {
    std::error_code error;
    const fs::path full = fs::canonical(root_, error);
    for (const fs::path& path : loose_) {
      if (candidates.empty() || loose_only_) {
        loose_only_ = true;
        candidates.push_back({path, relative(path), (error ? root_ : full).filename().string()});
      } else {
        unreadable.push_back({relative(path),
                              {ErrorCode::kInvalidArgument,
                               "“" + relative(path) + "” lies beside the class folders and has no class",
                               "move it into a class folder",
                               {}}});
      }
    }
  }

  fs::path root_;
  std::vector<fs::path> loose_;
  bool loose_only_ = false;
};

}  // namespace

bool has_image_name(const fs::path& path) {
  static constexpr std::array<std::string_view, 11> kExtensions = {".png", ".bmp", ".tga", ".gif", ".jpg", ".jpeg",
                                                                   ".psd", ".pic", ".pnm", ".ppm", ".pgm"};
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

ImageFolderListing list_image_folder(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) throw Failure(ErrorCode::kNotFound, "there is no folder “" + path.string() + "”", "check the path");
  if (!fs::is_directory(status)) {
    throw Failure(ErrorCode::kUnreadable, "“" + path.string() + "” is not a folder",
                  "choose the folder that holds the class folders");
  }
  FolderScan scan(path);
  const auto by_file = [](const auto& a, const auto& b) { return a.file < b.file; };
  std::sort(scan.candidates.begin(), scan.candidates.end(), by_file);
  std::sort(scan.unreadable.begin(), scan.unreadable.end(), by_file);
  std::sort(scan.other_files.begin(), scan.other_files.end());
  return {std::move(scan.candidates), std::move(scan.unreadable), std::move(scan.other_files), scan.flat()};
}

}  // namespace kiln
