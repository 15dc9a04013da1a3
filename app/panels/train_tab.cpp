#include "app/panels/train_tab.h"

#include <algorithm>
#include <cmath>

#include "app/panels/columns.h"
#include "app/panels/evaluation_dialog.h"
#include "app/panels/notice_bar.h"
#include "app/panels/train_actions.h"
#include "app/panels/train_bar_panel.h"
#include "app/panels/train_empty_panel.h"
#include "app/panels/train_live_panel.h"
#include "app/panels/train_plots_panel.h"
#include "app/panels/train_processes_panel.h"
#include "app/panels/train_runs_panel.h"
#include "app/panels/train_setup_panel.h"
#include "app/panels/train_strip_panel.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kLeftWidth = 364;
constexpr float kFootHeight = 82;  // Start, and why not
constexpr float kBarHeight = 88;
constexpr float kNoticeHeight = 46;
constexpr float kProcessesWidth = 248;

// Above: what to train, or what is being trained; below: all runs.
void draw_left(Studio& studio, Area rect, std::vector<PanelBackground>& backgrounds) {
  const Ui& ui = studio.ui;
  const float runs = std::clamp(std::floor(rect.height * 0.3f), ui.px(150), ui.px(360));
  const Area below{rect.x, rect.y + rect.height - runs, rect.width, runs};
  Area above{rect.x, rect.y, rect.width, rect.height - runs};
  if (studio.mirror.training.active()) {
    draw_train_live_panel(studio, above);
    backgrounds.push_back({"train.live", above, colour::panel()});
  } else {
    const float foot = ui.px(kFootHeight);
    above.height -= foot;
    const Area start{rect.x, above.y + above.height, rect.width, foot};
    draw_train_setup_panel(studio, above);
    draw_train_start_panel(studio, start);
    backgrounds.push_back({"train.setup", above, colour::panel()});
    backgrounds.push_back({"train.foot", start, colour::panel()});
  }
  draw_train_runs_panel(studio, below);
  backgrounds.push_back({"train.runs", below, colour::panel()});
}

void draw_right(Studio& studio, Area rect, std::vector<PanelBackground>& backgrounds) {
  const Ui& ui = studio.ui;
  const float told = ui.px(kNoticeHeight);
  const Area notice{rect.x, rect.y + rect.height - told, rect.width, told};
  rect.height -= told;
  begin_panel("train.notice", notice, false);
  draw_notice(studio, notice);
  end_panel();
  backgrounds.push_back({"train.notice", notice, colour::canvas()});
  if (!studio.mirror.training.shown()) {
    draw_train_empty_panel(studio, rect);
    backgrounds.push_back({"train.empty", rect, colour::canvas()});
    return;
  }
  const float bar = ui.px(kBarHeight), plots = std::floor((rect.height - bar) * 0.38f);
  const Area top{rect.x, rect.y, rect.width, bar};
  Area middle{rect.x, rect.y + bar, rect.width, plots};
  const Area bottom{rect.x, middle.y + plots, rect.width, rect.height - bar - plots};
  draw_train_bar_panel(studio, top);
  backgrounds.push_back({"train.bar", top, colour::canvas()});
  // A button may have taken the run away.
  if (!studio.mirror.training.shown()) {
    backgrounds.back().rect = rect;
    return;
  }
  if (is_of_several_processes(*studio.mirror.training.shown())) {
    const float width = ui.px(kProcessesWidth);
    middle.width -= width;
    const Area processes{middle.x + middle.width, middle.y, width, middle.height};
    draw_train_processes_panel(studio, processes);
    backgrounds.push_back({"train.processes", processes, colour::canvas()});
  }
  draw_train_plots_panel(studio, middle);
  draw_train_strip_panel(studio, bottom);
  backgrounds.push_back({"train.plots", middle, colour::canvas()});
  backgrounds.push_back({"train.strip", bottom, colour::canvas()});
}

}  // namespace

std::vector<PanelBackground> draw_train_tab(Studio& studio, Area rect) {
  keep_plan_fresh(studio);
  const ColumnWidth left = {"edge.train.left", kLeftWidth, 0.36f};
  const Columns columns = columns_of(studio, rect, left, {});
  std::vector<PanelBackground> backgrounds;
  draw_left(studio, columns.left, backgrounds);
  draw_right(studio, columns.middle, backgrounds);
  draw_edges(studio, columns, left, {}, backgrounds);
  draw_evaluation_dialog(studio);
  return backgrounds;
}

}  // namespace kiln
