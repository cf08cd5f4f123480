# Public headers that have no test of their name, for they define nothing that could be wrong: names of types, structs of plain data, and
# classes without code. What is not in this list has to have one.
set(headers_without_test
  activation/pass_snapshots
  activation/shaped_firings
  census
  model/tensor_layout
  projection/trigger_scores
  recording/recording_options
  report/column_name
  report/figure
  report/layer_row
  statistic/activating_input
  statistic/census_rules
  statistic/layer_census
  statistic/layer_result
  statistic/pre_activation_census
  statistic/silence_census
  statistic/verdict
  survey/rank_exchange
  survey/rank_port
  survey/survey_size
  tabulation/key_firings
  token_id
  uint128
  version)
