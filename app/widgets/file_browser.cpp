#include "app/widgets/file_browser.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "app/widgets/fields.h"
#include "app/widgets/modal.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 5000;

std::string folded(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// The nearest folder at or above `path`.
fs::path nearest_folder(fs::path path) {
  std::error_code error;
  path = fs::absolute(path.empty() ? user_home() : path, error).lexically_normal();
  while (!fs::is_directory(path, error) && path.has_relative_path()) path = path.parent_path();
  return path.empty() ? fs::path("/") : path;
}

}  // namespace

void FileBrowser::open(Options options, const fs::path& start) {
  options_ = std::move(options);
  go_to(nearest_folder(start));
  asked_ = true;
}

void FileBrowser::go_to(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator at(folder, error), end;
  if (error) {
    problem_ = "“" + folder.string() + "” cannot be read: " + error.message();
    return;
  }
  problem_.clear();
  folder_ = folder;
  typed_ = folder.string();
  entries_.clear();
  for (; !error && at != end && entries_.size() < kMostEntries; at.increment(error)) {
    std::error_code ignored;
    const std::string name = at->path().filename().string();
    if (name.starts_with('.')) continue;
    const bool is_folder = at->is_directory(ignored);
    if (is_folder || (options_.takes_file && options_.takes_file(at->path()))) entries_.push_back({name, is_folder});
  }
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::pair(!a.folder, folded(a.name)) < std::pair(!b.folder, folded(b.name));
  });
  to_top_ = true;
}

std::optional<fs::path> FileBrowser::draw_entries(Ui& ui) {
  std::optional<fs::path> chosen;
  std::optional<fs::path> into;
  ImGui::BeginChild("entries", {0, -ui.px(44)}, true);
  if (std::exchange(to_top_, false)) ImGui::SetScrollY(0);
  if (entries_.empty())
    quiet_text(options_.takes_file ? "There is no folder or usable file in here." : "There is no folder in here.");
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(entries_.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const Entry& entry = entries_[static_cast<std::size_t>(i)];
      ImGui::PushStyleColor(ImGuiCol_Text, entry.folder ? colour::text() : colour::quiet());
      const bool pressed = ImGui::Selectable((entry.name + (entry.folder ? "/" : "") + "##" + std::to_string(i)).c_str());
      ImGui::PopStyleColor();
      ui.map.note(options_.name + ".entry." + entry.name);
      if (!pressed) continue;
      if (entry.folder)
        into = folder_ / entry.name;
      else
        chosen = folder_ / entry.name;
    }
  }
  ImGui::EndChild();
  if (into) go_to(*into);
  return chosen;
}

std::optional<fs::path> FileBrowser::draw_foot(Ui& ui) {
  std::optional<fs::path> chosen;
  const ImVec2 size{ui.px(150), ui.px(32)};
  ImGui::SetCursorPosY(ImGui::GetWindowHeight() - ui.px(32) - ImGui::GetStyle().WindowPadding.y);
  if (!problem_.empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, colour::error());
    ImGui::TextUnformatted(problem_.c_str());
    ImGui::PopStyleColor();
    ImGui::SameLine();
  }
  ImGui::SetCursorPosX(ImGui::GetWindowWidth() - 2 * size.x - ImGui::GetStyle().WindowPadding.x - ImGui::GetStyle().ItemSpacing.x);
  if (action_button(ui, options_.name + ".cancel", "Cancel", size, {}) ||
      (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape)) && !ImGui::IsAnyItemActive())) {
    ImGui::CloseCurrentPopup();
  }
  ImGui::SameLine();
  const std::string why_not = options_.takes_folders ? "" : "Click a file in the list";
  if (main_button(ui, options_.name + ".use", options_.use_folder, size, why_not)) chosen = folder_;
  return chosen;
}

std::optional<fs::path> FileBrowser::draw(Ui& ui) {
  if (options_.title.empty()) return {};
  const std::string id = options_.title + "##" + options_.name;
  if (std::exchange(asked_, false)) ImGui::OpenPopup(id.c_str());
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const ImVec2 size{std::min(ui.px(640), screen.x - ui.px(40)), std::min(ui.px(520), screen.y - ui.px(40))};
  ImGui::SetNextWindowSize(size);
  ImGui::SetNextWindowPos({(screen.x - size.x) / 2, (screen.y - size.y) / 2});
  if (!begin_modal(id.c_str(), ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings)) return {};
  const float side = ImGui::GetFrameHeight();
  const std::string no_up = folder_.has_relative_path() ? "" : "This is the topmost folder";
  if (action_button(ui, options_.name + ".up", "↑ Up", {side * 2.4f, 0}, no_up)) go_to(folder_.parent_path());
  ImGui::SameLine();
  if (action_button(ui, options_.name + ".home", "Home", {side * 2.4f, 0}, {})) go_to(user_home());
  ImGui::SameLine();
  ImGui::SetNextItemWidth(-FLT_MIN);
  if (ImGui::InputText(("##" + options_.name + ".folder").c_str(), &typed_, ImGuiInputTextFlags_EnterReturnsTrue))
    go_to(nearest_folder(typed_));
  ui.map.note(options_.name + ".folder", ParamValue(folder_.string()));
  std::optional<fs::path> chosen = draw_entries(ui);
  if (auto by_foot = draw_foot(ui)) chosen = by_foot;
  if (chosen) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  return chosen;
}

}  // namespace kiln
