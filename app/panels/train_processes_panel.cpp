#include "app/panels/train_processes_panel.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "app/panels/frame.h"
#include "app/state/plot_scale.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

std::string counted(std::size_t count, const char* one, const char* many) {
  return count_text(static_cast<long long>(count)) + " " + (count == 1 ? one : many);
}

std::string heading_of(const TrainMetrics& newest) {
  std::string text = counted(static_cast<std::size_t>(newest.world_size), "process", "processes");
  const std::set<std::string> hosts(newest.hosts.begin(), newest.hosts.end());
  if (!hosts.empty()) text += " on " + counted(hosts.size(), "host", "hosts");
  return text;
}

// Its rank; below 0 while that is unknown.
int slowest_of(const std::vector<double>& images_per_s) {
  int slowest = -1;
  for (std::size_t rank = 0; rank < images_per_s.size(); ++rank) {
    if (!(images_per_s[rank] > 0)) continue;
    if (slowest < 0 || images_per_s[rank] < images_per_s[static_cast<std::size_t>(slowest)]) slowest = static_cast<int>(rank);
  }
  return slowest;
}

void draw_process(Ui& ui, const TrainMetrics& newest, int rank, bool slowest) {
  const auto place = static_cast<std::size_t>(rank);
  const double rate = place < newest.rank_images_per_s.size() ? newest.rank_images_per_s[place] : 0;
  const std::string host = place < newest.hosts.size() ? newest.hosts[place] : "";
  const ImVec4& ink = slowest ? colour::running() : colour::text();
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::TextColored(ink, "%d", rank);
  ImGui::TableNextColumn();
  ImGui::TextColored(ink, "%s", host.c_str());
  if (!host.empty()) ui.tooltips.show(host);
  ImGui::TableNextColumn();
  ImGui::TextColored(ink, "%s", rate > 0 ? number_text(rate).c_str() : "");
  ui.map.note("train.process." + std::to_string(rank), ParamValue(rate));
  if (slowest) ui.tooltips.show("The slowest: the others wait for it at every step");
}

// Of many, only the rows in view are drawn.
void draw_table(Ui& ui, const TrainMetrics& newest) {
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_ScrollY | ImGuiTableFlags_SizingFixedFit;
  if (!ImGui::BeginTable("processes", 3, kFlags, ImGui::GetContentRegionAvail())) return;
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("Rank");
  ImGui::TableSetupColumn("Host", ImGuiTableColumnFlags_WidthStretch);
  ImGui::TableSetupColumn("images/s");
  ImGui::TableHeadersRow();
  const int slowest = slowest_of(newest.rank_images_per_s);
  ImGuiListClipper clipper;
  clipper.Begin(newest.world_size);
  while (clipper.Step()) {
    for (int rank = clipper.DisplayStart; rank < clipper.DisplayEnd; ++rank) draw_process(ui, newest, rank, rank == slowest);
  }
  ImGui::EndTable();
}

}  // namespace

bool is_of_several_processes(const TrainingRun& run) { return run.history.newest && run.history.newest->world_size > 1; }

void draw_train_processes_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("train.processes", rect);
  const TrainMetrics& newest = *studio.mirror.training.shown()->history.newest;
  ImGui::TextUnformatted(heading_of(newest).c_str());
  ui.map.note("train.processes", ParamValue(std::int64_t{newest.world_size}));
  const int slowest = slowest_of(newest.rank_images_per_s);
  const double rate = newest.images_per_s;
  std::string told = rate > 0 ? number_text(rate) + " images/s in all" : "";
  if (slowest >= 0) told += (told.empty() ? "" : ", ") + std::string("rank ") + std::to_string(slowest) + " the slowest";
  small_text(ui, told, colour::quiet());
  ui.map.note("train.processes.slowest", ParamValue(std::int64_t{slowest}));
  ui.tooltips.show("Of each process: how fast it computes its share of a batch, without its waits for the others");
  ImGui::PushFont(ui.theme.small);
  draw_table(ui, newest);
  ImGui::PopFont();
  end_panel();
}

}  // namespace kiln
