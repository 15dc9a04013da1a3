#include "app/panels/train_tab.h"

#include <algorithm>
#include <cmath>

#include "app/panels/notice_bar.h"
#include "app/panels/train_actions.h"
#include "app/panels/train_bar_panel.h"
#include "app/panels/train_empty_panel.h"
#include "app/panels/train_live_panel.h"
#include "app/panels/train_plots_panel.h"
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

// Above: what to train, or what is being trained; below: all runs.
void draw_left(Studio& studio, Rect rect, std::vector<PanelBackground>& backgrounds) {
  const Ui& ui = studio.ui;
  const float runs = std::clamp(std::floor(rect.height * 0.3f), ui.px(150), ui.px(360));
  const Rect below{rect.x, rect.y + rect.height - runs, rect.width, runs};
  Rect above{rect.x, rect.y, rect.width, rect.height - runs};
  if (studio.mirror.training.active()) {
    draw_train_live_panel(studio, above);
    backgrounds.push_back({"train.live", above, colour::kPanel});
  } else {
    const float foot = ui.px(kFootHeight);
    above.height -= foot;
    const Rect start{rect.x, above.y + above.height, rect.width, foot};
    draw_train_setup_panel(studio, above);
    draw_train_start_panel(studio, start);
    backgrounds.push_back({"train.setup", above, colour::kPanel});
    backgrounds.push_back({"train.foot", start, colour::kPanel});
  }
  draw_train_runs_panel(studio, below);
  backgrounds.push_back({"train.runs", below, colour::kPanel});
}

void draw_right(Studio& studio, Rect rect, std::vector<PanelBackground>& backgrounds) {
  const Ui& ui = studio.ui;
  const float told = ui.px(kNoticeHeight);
  const Rect notice{rect.x, rect.y + rect.height - told, rect.width, told};
  rect.height -= told;
  begin_panel("train.notice", notice, false);
  draw_notice(studio, notice);
  end_panel();
  backgrounds.push_back({"train.notice", notice, colour::kCanvas});
  if (!studio.mirror.training.shown()) {
    draw_train_empty_panel(studio, rect);
    backgrounds.push_back({"train.empty", rect, colour::kCanvas});
    return;
  }
  const float bar = ui.px(kBarHeight), plots = std::floor((rect.height - bar) * 0.38f);
  const Rect top{rect.x, rect.y, rect.width, bar};
  const Rect middle{rect.x, rect.y + bar, rect.width, plots};
  const Rect bottom{rect.x, middle.y + plots, rect.width, rect.height - bar - plots};
  draw_train_bar_panel(studio, top);
  backgrounds.push_back({"train.bar", top, colour::kCanvas});
  // A button may have taken the run away.
  if (!studio.mirror.training.shown()) {
    backgrounds.back().rect = rect;
    return;
  }
  draw_train_plots_panel(studio, middle);
  draw_train_strip_panel(studio, bottom);
  backgrounds.push_back({"train.plots", middle, colour::kCanvas});
  backgrounds.push_back({"train.strip", bottom, colour::kCanvas});
}

}  // namespace

std::vector<PanelBackground> draw_train_tab(Studio& studio, Rect rect) {
  keep_plan_fresh(studio);
  const float left = std::min(studio.ui.px(kLeftWidth), std::floor(rect.width * 0.36f));
  std::vector<PanelBackground> backgrounds;
  draw_left(studio, {rect.x, rect.y, left, rect.height}, backgrounds);
  draw_right(studio, {rect.x + left, rect.y, rect.width - left, rect.height}, backgrounds);
  return backgrounds;
}

}  // namespace kiln
