#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/widgets/ui.h"

namespace kiln {

// A window over the others to find a file or a folder: up, folders first, and the files that can be used.
class FileBrowser {
 public:
  struct Options {
    std::string title;  // "Open sprites"
    std::string name;   // of its widgets: "data.browser"
    bool takes_folders = true;
    std::function<bool(const std::filesystem::path&)> takes_file;  // none: only folders
    std::string use_folder = "Use this folder";
  };

  // `start`: where to begin; if it is not there, its nearest folder that is.
  void open(Options options, const std::filesystem::path& start);

  // Draws it while it is open. What was chosen, once.
  std::optional<std::filesystem::path> draw(Ui& ui);

  // The folder that is shown, or was last.
  const std::filesystem::path& folder() const { return folder_; }

 private:
  struct Entry {
    std::string name;
    bool folder = false;
  };
  void go_to(const std::filesystem::path& folder);
  std::optional<std::filesystem::path> draw_entries(Ui& ui);
  std::optional<std::filesystem::path> draw_foot(Ui& ui);

  Options options_;
  std::filesystem::path folder_;
  std::string typed_;
  std::vector<Entry> entries_;
  std::string problem_;
  bool asked_ = false;  // to be opened in the next frame
  bool to_top_ = false;
};

}  // namespace kiln
