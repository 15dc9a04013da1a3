#include "engine/formats/image_folder.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <system_error>

#include "engine/formats/set_file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 500'000;

// Hidden, or made by a system for itself: network disks, macOS, Windows.
bool passed_over(const fs::path& path) {
  static constexpr std::array<std::string_view, 7> kSystemNames = {"@eaDir",     "__MACOSX",  "#recycle",   "$RECYCLE.BIN",
                                                                   "lost+found", "Thumbs.db", "desktop.ini"};
  const std::string name = path.filename().string();
  return name.starts_with('.') || name == "System Volume Information" ||
         std::find(kSystemNames.begin(), kSystemNames.end(), name) != kSystemNames.end();
}

// Of the parts of a set that others have split for their own training.
bool is_split_name(const std::string& name) {
  static constexpr std::array<std::string_view, 9> kNames = {"train", "training", "val", "valid", "validation",
                                                             "test",  "testing",  "dev", "eval"};
  std::string lower = name;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::find(kNames.begin(), kNames.end(), lower) != kNames.end();
}

Error unreadable_folder(const std::string& file, const std::error_code& error) {
  return {ErrorCode::kUnreadable, "the folder “" + file + "” cannot be read: " + error.message(), "check that you may read it", {}};
}

class FolderScan {
 public:
  explicit FolderScan(const fs::path& root) : root_(root) {
    std::error_code error;
    const std::vector<fs::path> entries = entries_of(root, error);
    if (error) throw Failure(unreadable_folder(root.string(), error));
    is_new(root);
    std::vector<fs::path> folders;
    for (const fs::path& path : entries) {
      std::error_code ignored;
      if (fs::is_directory(path, ignored))
        folders.push_back(path);
      else if (has_image_name(path))
        loose_.push_back(path);
      else if (path.filename() != kSetFileName)
        other_files.push_back(relative(path));
    }
    if (are_splits(folders)) {
      merged_splits = true;
      for (const fs::path& split : folders) {
        for (const fs::path& path : entries_of(split, error)) scan_folder(path, path.filename().string());
      }
    } else {
      for (const fs::path& folder : folders) scan_folder(folder, folder.filename().string());
    }
    add_loose_files();
  }

  std::vector<ImagePath> candidates;
  std::vector<UnreadableFile> unreadable;
  std::vector<std::string> other_files;
  bool merged_splits = false;
  bool flat() const { return loose_only_; }

 private:
  std::string relative(const fs::path& path) const { return path.lexically_relative(root_).generic_string(); }

  // Sorted, without those that are passed over.
  std::vector<fs::path> entries_of(const fs::path& folder, std::error_code& error) {
    std::vector<fs::path> entries;
    fs::directory_iterator at(folder, error), end;
    for (; !error && at != end; at.increment(error)) {
      if (++met_ > kMostEntries) {
        throw Failure(ErrorCode::kUnsupported, "there are more than 500,000 files in “" + root_.string() + "” and what it links to",
                      "choose the folder of the sprites alone");
      }
      if (!passed_over(at->path())) entries.push_back(at->path());
    }
    std::sort(entries.begin(), entries.end());
    return entries;
  }

  // A folder is seen once, by whatever links it is reached.
  bool is_new(const fs::path& folder) {
    std::error_code error;
    const fs::path full = fs::canonical(folder, error);
    return !error && seen_.insert(full).second;
  }

  // Whether these are train, val and the like, with the classes' folders and no images in them.
  bool are_splits(const std::vector<fs::path>& folders) {
    if (folders.empty() || !loose_.empty()) return false;
    return std::all_of(folders.begin(), folders.end(), [this](const fs::path& folder) {
      std::error_code error;
      const auto entries = entries_of(folder, error);
      return is_split_name(folder.filename().string()) && !entries.empty() &&
             std::all_of(entries.begin(), entries.end(), [](const fs::path& path) {
               std::error_code ignored;
               return fs::is_directory(path, ignored);
             });
    });
  }

  void scan_folder(const fs::path& folder, const std::string& class_name) {
    if (!is_new(folder)) return;
    std::error_code error;
    for (const fs::path& path : entries_of(folder, error)) {
      std::error_code ignored;
      if (fs::is_directory(path, ignored))
        scan_folder(path, class_name);
      else if (has_image_name(path))
        candidates.push_back({path, relative(path), class_name});
      else
        other_files.push_back(relative(path));
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
  std::set<fs::path> seen_;  // folders, without links
  std::vector<fs::path> loose_;
  bool loose_only_ = false;
  std::size_t met_ = 0;  // files and folders
};

}  // namespace

bool has_image_name(const fs::path& path) {
  static constexpr std::array<std::string_view, 14> kExtensions = {".png", ".apng", ".ase",  ".aseprite", ".bmp", ".tga", ".gif",
                                                                   ".jpg", ".jpeg", ".webp", ".psd",      ".pnm", ".ppm", ".pgm"};
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
  return {std::move(scan.candidates), std::move(scan.unreadable), std::move(scan.other_files), scan.flat(), scan.merged_splits};
}

}  // namespace kiln
