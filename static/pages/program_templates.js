// program_templates.js: rules to begin with, one a family of aid. A test saves each against a server.
export const TEMPLATES = {
  cash: { unit: 'household', rule: "household.members.exists(m, age(m.birth_date) < 7 || age(m.birth_date) >= 70 || has(m.grade) || has(m.pregnancy))",
    entitlement: "[{'code': 'bantuan', 'kind': 'cash', 'amount_minor': sum(top(\n  top(household.members.filter(m, has(m.pregnancy)).map(m, amount(750000)), 2) +\n  top(household.members.filter(m, age(m.birth_date) < 7).map(m, amount(750000)), 2) +\n  household.members.filter(m, has(m.grade)).map(m, m.grade <= 6 ? amount(225000) : m.grade <= 9 ? amount(375000) : amount(500000)) +\n  top(household.members.filter(m, age(m.birth_date) >= 70).map(m, amount(600000)), 1), 4))}]" },
  scholarship: { unit: 'member', rule: 'has(member.grade) && member.in_school', entitlement: "[{'code': 'beasiswa', 'kind': 'cash', 'amount_minor':\n  member.grade <= 6 ? amount(450000) : member.grade <= 9 ? amount(750000) : amount(1800000)}]" },
  insurance: { unit: 'household', rule: 'size(household.members) > 0', entitlement: "[{'code': 'iuran', 'kind': 'cash', 'amount_minor': amount(42000) * size(household.members)}]" },
  housing: { unit: 'household', rule: "household.housing.tenure == 'own' && household.housing.floor == 'earth'", entitlement: "[{'code': 'bahan', 'kind': 'cash', 'amount_minor': amount(17500000)},\n {'code': 'upah', 'kind': 'cash', 'amount_minor': amount(2500000)}]" },
  food: { unit: 'household', rule: 'size(household.members) >= 3', entitlement: "[{'code': 'beras', 'kind': 'goods', 'item': 'kg beras', 'quantity': 10}]" },
};
