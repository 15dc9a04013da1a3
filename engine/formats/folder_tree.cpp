#include "engine/formats/folder_tree.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/lower_case.h"
#include "engine/base/text.h"
#include "engine/formats/image_folder.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 500'000;
constexpr std::size_t kMostOthers = 10'000;  // behind a link; a few thousand texts may lie beside sprites
constexpr std::size_t kMostNamed = 3;        // in one note

template <std::size_t N>
bool is_among(const std::string& name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Hidden, or made by a system for itself: network disks, macOS, Windows, version control.
bool is_of_a_system(const std::string& lower) {
  static constexpr std::array<std::string_view, 17> kNames = {"@eadir",
                                                              "@recycle",
                                                              "@tmp",
                                                              "@__thumb",
                                                              "@recently-snapshot",
                                                              "#recycle",
                                                              "#snapshot",
                                                              "$recycle.bin",
                                                              "recycler",
                                                              "system volume information",
                                                              "network trash folder",
                                                              "temporary items",
                                                              "__macosx",
                                                              "lost+found",
                                                              "thumbs.db",
                                                              "ehthumbs.db",
                                                              "desktop.ini"};
  return lower.starts_with('.') || is_among(lower, kNames);
}

// Small copies of the pictures beside them. A class may be called so as well.
bool is_for_thumbnails(const std::string& lower) {
  static constexpr std::array<std::string_view, 4> kNames = {"thumbnails", "_thumbnails", "thumbs", "_thumbs"};
  return is_among(lower, kNames);
}

bool lies_in(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

class TreeReader {
 public:
  explicit TreeReader(const fs::path& root) : root_(root) {
    std::error_code error;
    real_root_ = fs::canonical(root, error);
    tree_.root.path = root;
    if (!error) {
      read(tree_.root, real_root_);
      error = tree_.root.error;
    }
    if (error) {
      throw Failure(ErrorCode::kUnreadable, "the folder “" + root.string() + "” cannot be read: " + error.message(),
                    "check that you may read it");
    }
    while (!links_.empty()) follow(links_.extract(links_.begin()).mapped());
    tell_of_thumbnails();
  }

  FolderTree take() { return std::move(tree_); }

 private:
  struct Link {
    FolderNode* in;
    fs::path path, real_folder;  // real_folder: that it lies in
  };

  std::string relative(const fs::path& path) const { return path.lexically_relative(root_).generic_string(); }
  std::string quoted(const fs::path& path) const { return "“" + relative(path) + "”"; }

  // All that is no link. `real`: where `node` lies, without links.
  void read(FolderNode& node, const fs::path& real) {
    seen_.insert(real.native());
    std::vector<fs::path> folders;
    fs::directory_iterator at(node.path, node.error), end;
    for (; !node.error && at != end; at.increment(node.error)) {
      const fs::path& path = at->path();
      count(path);
      const std::string lower = lower_case(path.filename().string());
      if (is_of_a_system(lower)) continue;
      std::error_code ignored;
      if (!at->is_directory(ignored))
        node.files.push_back(path);
      else if (is_for_thumbnails(lower))
        thumbnails_.push_back(relative(path));
      else if (at->is_symlink(ignored))
        links_.emplace(std::pair(std::distance(path.begin(), path.end()), path), Link{&node, path, real});
      else
        folders.push_back(path);
    }
    std::sort(node.files.begin(), node.files.end());
    std::sort(folders.begin(), folders.end());
    for (const fs::path& path : folders) {
      const fs::path inner = real / path.filename();
      if (seen_.contains(inner.native())) continue;  // a link has led there
      read(node.folders.emplace_back(FolderNode{path, {}, {}, {}}), inner);
    }
  }

  void count(const fs::path& path) {
    if (++met_ > kMostEntries) {
      throw Failure(ErrorCode::kUnsupported, "there are more than 500,000 files in “" + root_.string() + "” and what it links to",
                    "choose the folder of the sprites alone");
    }
    if (!link_) return;
    (has_image_name(path) ? images_ : others_) += 1;
    if (others_ > kMostOthers && others_ > 2 * images_) {
      throw Failure(ErrorCode::kUnsupported,
                    "the link " + quoted(link_->path) + " in “" + root_.string() + "” leads to a folder with more than " +
                        std::to_string(kMostOthers / 1000) + ",000 files that are no images",
                    "take the link away, or let it lead to a folder of sprites alone");
    }
  }

  void follow(const Link& link) {
    std::error_code error;
    const fs::path target = fs::canonical(link.path, error);
    if (error) {
      link.in->files.push_back(link.path);
      return;
    }
    if (lies_in(real_root_, target) || lies_in(link.real_folder, target)) {
      tree_.notes.push_back("the link " + quoted(link.path) + " leads back to a folder that it lies in: it is passed over");
    } else if (seen_.contains(target.native())) {
      tree_.notes.push_back("the link " + quoted(link.path) + " is passed over: “" + target.filename().string() +
                            "”, where it leads, is in the set without it");
    } else {
      link_ = &link;
      images_ = others_ = 0;
      read(link.in->folders.emplace_back(FolderNode{link.path, {}, {}, {}}), target);
      link_ = nullptr;
      link.in->folders.sort([](const FolderNode& a, const FolderNode& b) { return a.path < b.path; });
    }
  }

  void tell_of_thumbnails() {
    if (thumbnails_.empty()) return;
    std::sort(thumbnails_.begin(), thumbnails_.end());
    const std::size_t n = thumbnails_.size(), shown = std::min(n, kMostNamed);
    tree_.notes.push_back("folders of thumbnails are passed over: " +
                          joined({thumbnails_.begin(), thumbnails_.begin() + static_cast<std::ptrdiff_t>(shown)}, ", ") +
                          (n > shown ? " and " + std::to_string(n - shown) + " more" : "") +
                          "; if one is a class, give it another name");
  }

  fs::path root_, real_root_;
  FolderTree tree_;
  std::unordered_set<std::string> seen_;                       // folders, without links
  std::map<std::pair<std::ptrdiff_t, fs::path>, Link> links_;  // to be followed, the shortest path first
  std::vector<std::string> thumbnails_;
  std::size_t met_ = 0;                  // files and folders
  const Link* link_ = nullptr;           // that is being followed,
  std::size_t images_ = 0, others_ = 0;  // and what was met behind it
};

}  // namespace

FolderTree read_folder_tree(const fs::path& root) { return TreeReader(root).take(); }

}  // namespace kiln
