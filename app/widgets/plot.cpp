#include "app/widgets/plot.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "app/state/plot_scale.h"

namespace kiln {
namespace {

// The part of a plot where its curves are, and how values lie in it.
struct Field {
  ImVec2 min, max;
  PlotScale x, y;

  float at_x(double value) const { return min.x + static_cast<float>(x.place(value)) * (max.x - min.x); }
  float at_y(double value) const { return max.y - static_cast<float>(y.place(value)) * (max.y - min.y); }
};

constexpr float kTitleHeight = 24, kAxisHeight = 20, kAxisWidth = 46;

float text_width(const ImFont* font, const std::string& text) {
  return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.c_str()).x;
}

void small(const Ui& ui, ImVec2 at, const ImVec4& ink, const std::string& text) {
  const ImFont* font = ui.theme.small;
  ImGui::GetWindowDrawList()->AddText(font, font->FontSize, {std::floor(at.x), std::floor(at.y)}, packed(ink), text.c_str());
}

void draw_title(Area rect, const std::string& title) {
  ImGui::GetWindowDrawList()->AddText({rect.x, rect.y}, packed(colour::text()), title.c_str());
}

void draw_empty(const Ui& ui, Area rect, const std::string& text) {
  const ImFont* font = ui.theme.small;
  const ImVec2 size = font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.c_str());
  small(ui, {rect.x + (rect.width - size.x) / 2, rect.y + (rect.height - size.y) / 2}, colour::quiet(), text);
}

// The range of all lines; none without values.
std::optional<Field> fit(const Ui& ui, Area rect, const std::vector<PlotLine>& lines, const PlotLook& look) {
  double low = HUGE_VAL, high = -HUGE_VAL, from = HUGE_VAL, to = look.x_end;
  for (const PlotLine& line : lines) {
    for (const SeriesPoint& point : line.series->points()) {
      low = std::min(low, point.mean);
      high = std::max(high, point.mean);
      from = std::min(from, point.x);
      to = std::max(to, point.last_x);
    }
  }
  if (!(high >= low)) return std::nullopt;
  // Runs begin at the left edge; one that is only known from far on does not.
  if (from < to * 0.5) from = 0;
  if (!(to > from)) to = from + 1;
  Field field;
  field.min = {rect.x + ui.px(kAxisWidth), rect.y + ui.px(kTitleHeight)};
  field.max = {rect.x + rect.width - ui.px(8), rect.y + rect.height - ui.px(kAxisHeight)};
  field.x = {from, to, false};
  field.y = fitting_scale(look.from_zero ? std::min(low, 0.0) : low, high, look.logarithmic);
  return field;
}

void draw_axes(const Ui& ui, const Field& field) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float line = ui.theme.small->FontSize;
  const int rows = std::max(3, static_cast<int>((field.max.y - field.min.y) / (line * 2)));
  for (const double tick : round_ticks(field.y, rows)) {
    const float y = std::floor(field.at_y(tick));
    if (y < field.min.y - 1 || y > field.max.y + 1) continue;
    list->AddLine({field.min.x, y}, {field.max.x, y}, packed(colour::line()));
    const std::string text = tick_text(tick);
    small(ui, {field.min.x - ui.px(6) - text_width(ui.theme.small, text), y - line / 2}, colour::quiet(), text);
  }
  const int columns = std::max(2, static_cast<int>((field.max.x - field.min.x) / ui.px(80)));
  for (const double tick : round_ticks(field.x, columns)) {
    if (std::abs(tick - std::round(tick)) > 1e-6) continue;  // there are no half steps
    const float x = std::floor(field.at_x(tick));
    const std::string text = tick_text(tick);
    const float width = text_width(ui.theme.small, text);
    small(ui, {std::clamp(x - width / 2, field.min.x, field.max.x - width), field.max.y + ui.px(3)}, colour::quiet(), text);
  }
}

void draw_line(const Ui& ui, const Field& field, const PlotLine& line) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  std::vector<ImVec2> path;
  for (const SeriesPoint& point : line.series->points()) path.push_back({field.at_x(point.x), field.at_y(point.mean)});
  list->AddPolyline(path.data(), static_cast<int>(path.size()), packed(line.colour), 0, ui.px(1) * line.thickness);
  if (line.dots || path.size() == 1) {
    const bool few = path.size() <= 64;
    for (const ImVec2& at : path) {
      if (few) list->AddCircleFilled(at, ui.px(2.6f), packed(line.colour), 10);
    }
  }
}

// One entry that ends at `right`; returns where it begins.
float draw_entry(const Ui& ui, const PlotLine& line, float right, float y) {
  right -= text_width(ui.theme.small, line.label);
  small(ui, {right, y}, colour::quiet(), line.label);
  right -= ui.px(20);
  const float middle = std::floor(y + ui.theme.small->FontSize / 2);
  ImGui::GetWindowDrawList()->AddRectFilled({right, middle - ui.px(1)}, {right + ui.px(14), middle + ui.px(1)},
                                            packed(line.colour));
  return right;
}

// At the right end of the title's line; entries that have no room there go below each other, where falling curves leave some.
void draw_legend(const Ui& ui, Area rect, const std::vector<PlotLine>& lines, float title_width) {
  std::vector<const PlotLine*> named;
  float width = 0;
  for (const PlotLine& line : lines) {
    if (line.series->empty() || line.label.empty()) continue;
    named.push_back(&line);
    width += text_width(ui.theme.small, line.label) + ui.px(34);
  }
  float right = rect.x + rect.width - ui.px(8);
  if (width < rect.width - title_width - ui.px(16)) {
    for (auto line = named.rbegin(); line != named.rend(); ++line)
      right = draw_entry(ui, **line, right, rect.y + ui.px(2)) - ui.px(14);
    return;
  }
  float y = rect.y + ui.px(kTitleHeight + 6);
  for (const PlotLine* line : named) {
    draw_entry(ui, *line, right - ui.px(8), y);
    y += ui.theme.small->FontSize + ui.px(5);
  }
}

const SeriesPoint& nearest(const Series& series, double x) {
  const auto& points = series.points();
  const auto after = std::lower_bound(points.begin(), points.end(), x, [](const SeriesPoint& p, double v) { return p.x < v; });
  if (after == points.end()) return points.back();
  if (after == points.begin()) return *after;
  return x - (after - 1)->x < after->x - x ? *(after - 1) : *after;
}

struct ReadOut {
  std::string text;
  ImVec4 colour;
};

void draw_read_out(const Ui& ui, const Field& field, float x, const std::vector<ReadOut>& rows) {
  const float line = ui.theme.small->FontSize + ui.px(4), pad = ui.px(7);
  float width = 0;
  for (const ReadOut& row : rows) width = std::max(width, text_width(ui.theme.small, row.text));
  const float height = line * static_cast<float>(rows.size()) + pad * 2 - ui.px(4);
  const bool left = x + ui.px(12) + width + pad * 2 > field.max.x;
  const ImVec2 at{left ? x - ui.px(12) - width - pad * 2 : x + ui.px(12), field.min.y + ui.px(4)};
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 to{at.x + width + pad * 2, at.y + height};
  list->AddRectFilled(at, to, ImGui::GetColorU32(ImGuiCol_PopupBg, 0.94f), ui.px(4));
  list->AddRect(at, to, packed(colour::line()), ui.px(4));
  float y = at.y + pad - ui.px(1);
  for (const ReadOut& row : rows) {
    small(ui, {at.x + pad, y}, row.colour, row.text);
    y += line;
  }
}

void draw_hover(const Ui& ui, const Field& field, const std::vector<PlotLine>& lines) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const double wanted = field.x.value((mouse.x - field.min.x) / (field.max.x - field.min.x));
  const Series* guide = nullptr;  // the closest line's step is the one that is read
  for (const PlotLine& line : lines) {
    if (!line.series->empty() && (!guide || line.series->points().size() > guide->points().size())) guide = line.series;
  }
  if (!guide) return;
  const double step = nearest(*guide, wanted).x;
  const float x = field.at_x(step);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine({x, field.min.y}, {x, field.max.y}, packed(colour::quiet()));
  std::vector<ReadOut> rows = {{"step " + std::to_string(std::llround(step)), colour::text()}};
  for (const PlotLine& line : lines) {
    if (line.series->empty() || line.label.empty()) continue;
    const SeriesPoint& point = nearest(*line.series, step);
    list->AddCircleFilled({field.at_x(point.x), field.at_y(point.mean)}, ui.px(3), packed(line.colour), 12);
    rows.push_back({line.label + "  " + number_text(point.mean), line.colour});
  }
  draw_read_out(ui, field, x, rows);
}

}  // namespace

void draw_plot(Ui& ui, std::string_view name, Area rect, const std::vector<PlotLine>& lines, const PlotLook& look) {
  draw_title(rect, look.title);
  const std::optional<double> newest = lines.empty() ? std::nullopt : lines.front().series->newest();
  const ImVec2 corner{rect.x, rect.y}, end{rect.x + rect.width, rect.y + rect.height};
  ui.map.note(name, corner, end, newest ? UiMap::Value(ParamValue(*newest)) : UiMap::Value());
  const std::optional<Field> field = fit(ui, rect, lines, look);
  if (!field) {
    draw_empty(ui, rect, look.empty);
    return;
  }
  draw_axes(ui, *field);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect({field->min.x - 1, field->min.y - 1}, {field->max.x + ui.px(4), field->max.y + 1}, true);
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {  // the first lies on top
    if (!line->series->empty()) draw_line(ui, *field, *line);
  }
  list->PopClipRect();
  draw_legend(ui, rect, lines, ImGui::CalcTextSize(look.title.c_str()).x + look.beside_title);
  if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(field->min, field->max)) draw_hover(ui, *field, lines);
}

void draw_bars(Ui& ui, std::string_view name, Area rect, const std::vector<double>& values, const std::vector<double>& first,
               const BarLook& look) {
  draw_title(rect, look.title);
  ui.map.note(name, {rect.x, rect.y}, {rect.x + rect.width, rect.y + rect.height},
              ParamValue(static_cast<std::int64_t>(values.size())));
  if (values.empty()) {
    draw_empty(ui, rect, look.empty);
    return;
  }
  double most = 0;
  for (const double value : values) most = std::max(most, value);
  for (const double value : first) most = std::max(most, value);
  Field field;
  field.min = {rect.x + ui.px(kAxisWidth), rect.y + ui.px(kTitleHeight)};
  field.max = {rect.x + rect.width - ui.px(8), rect.y + rect.height - ui.px(kAxisHeight)};
  field.y = fitting_scale(0, most, false);
  field.x = {0, 1, false};
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float line = ui.theme.small->FontSize;
  for (const double tick : round_ticks(field.y, std::max(3, static_cast<int>((field.max.y - field.min.y) / (line * 2))))) {
    const float y = std::floor(field.at_y(tick));
    list->AddLine({field.min.x, y}, {field.max.x, y}, packed(colour::line()));
    const std::string text = tick_text(tick);
    small(ui, {field.min.x - ui.px(6) - text_width(ui.theme.small, text), y - line / 2}, colour::quiet(), text);
  }
  const float width = (field.max.x - field.min.x) / static_cast<float>(values.size());
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool hovered = ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(field.min, field.max);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float left = std::floor(field.min.x + width * static_cast<float>(i)) + ui.px(1);
    const float right = std::floor(field.min.x + width * static_cast<float>(i + 1)) - ui.px(1);
    const bool lit = hovered && mouse.x >= left && mouse.x < left + width;
    list->AddRectFilled({left, field.at_y(values[i])}, {right, field.max.y}, packed(lit ? colour::chosen() : colour::running()));
    if (i < first.size()) {
      const float y = std::floor(field.at_y(first[i]));
      list->AddRectFilled({left, y - ui.px(1)}, {right, y + ui.px(1)}, packed(colour::quiet()));
    }
    if (lit) {
      std::vector<ReadOut> rows = {{"now  " + number_text(values[i]), colour::running()}};
      if (i < first.size()) rows.push_back({"at first  " + number_text(first[i]), colour::quiet()});
      draw_read_out(ui, field, right, rows);
    }
  }
  const float y = field.max.y + ui.px(3);
  small(ui, {field.min.x, y}, colour::quiet(), look.low_end);
  small(ui, {field.max.x - text_width(ui.theme.small, look.high_end), y}, colour::quiet(), look.high_end);
}

}  // namespace kiln
