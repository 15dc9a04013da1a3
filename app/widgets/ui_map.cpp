#include "app/widgets/ui_map.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/base/log.h"
#include "engine/base/param_json.h"

namespace kiln {
namespace {

using nlohmann::json;

constexpr double kShortestPause_s = 0.1;

json job_json(const JobStatus* job) {
  if (!job) return nullptr;
  return {{"id", job->id.value}, {"kind", to_string(job->kind)}, {"state", to_string(job->state)},
          {"step", job->step},   {"total", job->total},          {"previews", job->previews}};
}

json data_json(const DatasetMirror& set) {
  return {{"busy", set.busy()},        {"step", set.job().step},   {"total", set.job().total},
          {"path", set.source().path}, {"version", set.version()}, {"ready", set.ready()}};
}

json number_or_null(double value, bool known) { return known && std::isfinite(value) ? json(value) : json(nullptr); }

json training_json(const TrainingMirror& training) {
  const JobStatus* job = training.job();
  if (!job) return nullptr;
  const TrainingHistory& history = training.run()->history;
  const auto& smoothed = history.of(&TrainMetrics::smoothed_loss).newest();
  const auto& loss = smoothed ? smoothed : history.of(&TrainMetrics::loss).newest();
  return {{"id", job->id.value},
          {"run", training.run()->path},
          {"state", to_string(job->state)},
          {"step", job->step},
          {"total", job->total},
          {"loss", number_or_null(loss.value_or(0), loss.has_value())},
          {"images_per_s", number_or_null(training.images_per_s(), training.images_per_s() > 0)},
          {"left_s", number_or_null(job->left_s, job->left_s >= 0)}};
}

std::string_view word(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::kInfo:
      return "info";
    case NoticeKind::kDone:
      return "done";
    case NoticeKind::kError:
      return "error";
  }
  return "";
}

std::string_view word(EngineState state) {
  switch (state) {
    case EngineState::kStarting:
      return "starting";
    case EngineState::kReady:
      return "ready";
    case EngineState::kFailed:
      return "failed";
  }
  return "";
}

double rounded(double ms) { return std::round(ms * 100) / 100; }

}  // namespace

UiMap::UiMap() {
  if (const char* file = std::getenv("SPRITEKILN_UI_MAP"); file && *file) file_ = file;
}

void UiMap::note(std::string_view name, Value value) {
  if (!on() || !ImGui::IsItemVisible()) return;
  note(name, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), std::move(value));
}

void UiMap::note(std::string_view name, ImVec2 min, ImVec2 max, Value value) {
  // A list that opens is laid out unseen for a frame, not yet where it will be.
  if (!on() || ImGui::GetCurrentWindowRead()->Hidden) return;
  const ImVec2 clip_min = ImGui::GetWindowDrawList()->GetClipRectMin();
  const ImVec2 clip_max = ImGui::GetWindowDrawList()->GetClipRectMax();
  min = {std::max(min.x, clip_min.x), std::max(min.y, clip_min.y)};
  max = {std::min(max.x, clip_max.x), std::min(max.y, clip_max.y)};
  if (max.x - min.x < 1 || max.y - min.y < 1) return;
  const bool enabled = (ImGui::GetCurrentContext()->CurrentItemFlags & ImGuiItemFlags_Disabled) == 0;
  const bool pressed = ImGui::IsMouseClicked(ImGuiMouseButton_Left) && ImGui::IsMouseHoveringRect(min, max) &&
                       ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
  widgets_.push_back({std::string(name), min, max, enabled, pressed, std::move(value)});
}

void UiMap::end_frame(const Mirror& mirror, const FrameStats& frames, std::uint64_t frames_drawn) {
  if (!on()) return;
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
    ++presses_;
    pressed_.clear();
    for (const Widget& widget : widgets_) {
      if (widget.pressed) pressed_.push_back(widget.name);
    }
  }
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  json notices = json::array();
  for (const Notice& notice : mirror.notices.shown()) {
    notices.push_back({{"kind", word(notice.kind)}, {"message", notice.message}, {"hint", notice.hint}, {"detail", notice.detail}});
  }
  state_ = {{"window", {std::lround(size.x), std::lround(size.y)}},
            {"engine", word(mirror.engine())},
            {"job", job_json(mirror.sampling())},
            {"data", data_json(mirror.dataset)},
            {"training", training_json(mirror.training)},
            {"notices", std::move(notices)},
            {"frame_ms", {{"median", rounded(frames.median)}, {"p99", rounded(frames.p99)}, {"max", rounded(frames.max)}}},
            {"frames", frames_drawn}};
}

std::string UiMap::document() const {
  json widgets = json::object();
  for (const Widget& widget : widgets_) {
    json entry = {{"rect",
                   {std::lround(widget.min.x), std::lround(widget.min.y), std::lround(widget.max.x - widget.min.x),
                    std::lround(widget.max.y - widget.min.y)}},
                  {"enabled", widget.enabled}};
    if (widget.value) entry["value"] = *widget.value;
    widgets[widget.name] = std::move(entry);
  }
  json map = state_;
  map["widgets"] = std::move(widgets);
  map["pressed"] = {{"count", presses_}, {"widgets", pressed_}};
  return map.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

double UiMap::write(double now_s) {
  if (!on()) return -1;
  if (written_at_s_ >= 0 && now_s < written_at_s_ + kShortestPause_s) return written_at_s_ + kShortestPause_s;
  std::string text = document();
  if (text == written_) return -1;
  // Not synced to disk: a reader sees the old file or the new one, and after a crash nobody wants either.
  std::filesystem::path temporary = file_;
  temporary += ".new";
  std::ofstream(temporary, std::ios::binary) << text;
  std::error_code error;
  std::filesystem::rename(temporary, file_, error);
  if (error) log_warn("the map of the window could not be written: " + file_.string() + ": " + error.message());
  written_ = std::move(text);
  written_at_s_ = now_s;
  return -1;
}

}  // namespace kiln
